import { expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

/** `file.test.ts`: the title of a test in it, at the end of a row. */
const evidence = [...readText('docs/security.md').matchAll(/\| `([\w-]+\.test\.ts)`: (.+?) *\|$/gm)].map(
  ([, file, name]) => ({
    file: file ?? '',
    name: name ?? '',
  }),
)

test('every row of the threat table names a test', () => {
  const rows = readText('docs/security.md').match(/^\| (?!threat|---).+\|$/gm) ?? []
  expect(evidence).toHaveLength(rows.length)
})

test.each(evidence)('$file has the test that docs/security.md names: $name', ({ file, name }) => {
  const sources = ['tests', 'packages/server/src'].flatMap((folder) => filesUnder(folder, `/${file}`)).map(readText)
  expect(sources.some((source) => plain(source).includes(plain(name)))).toBe(true)
})

/** A title may contain numbers from a template, and either kind of quotes. */
const plain = (text: string) => text.replace(/\$\{\w+\}|\d[\d,_]*/g, '#').replaceAll('’', "'")
