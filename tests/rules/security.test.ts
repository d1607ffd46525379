import { describe, expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

/** Every test of the server and of the whole system. */
const testFiles = ['tests', 'packages/server/src'].flatMap((folder) => filesUnder(folder, '.test.ts'))

describe.each(['docs/security.md', 'SECURITY.md'])('each row of %s', (page) => {
  const text = readText(page)
  /** `file.test.ts`: the title of a test in it, at the end of a row. */
  const evidence = [...text.matchAll(/\| `([\w-]+\.test\.ts)`: (.+?) *\|$/gm)].map(([, file, name]) => ({
    file: file ?? '',
    name: name ?? '',
  }))

  test('names a test', () => {
    const rows = text.match(/^\| (?!threat|guarantee|-+ ).+\|$/gm) ?? []
    expect(rows.length).toBeGreaterThan(10)
    expect(evidence).toHaveLength(rows.length)
  })

  test.each(evidence)('$file has the test $name', ({ file, name }) => {
    const sources = testFiles.filter((path) => path.endsWith(`/${file}`)).map(readText)
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.flatMap(titlesIn).filter((title) => plain(title).includes(plain(name)))).not.toEqual([])
  })
})

/** The titles of a file's tests and blocks. */
const titlesIn = (source: string): string[] =>
  [...source.matchAll(/(?:\b(?:test|it|describe)(?:\.\w+)*\(|\)\(|\]\)\()\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map(
    ([, , title = '']) => title,
  )

/** A title may contain numbers from a template, and either kind of quotes. */
const plain = (text: string) =>
  text
    .replace(/\$\{\w+\}|\d[\d,_]*/g, '#')
    .replaceAll('\\', '')
    .replaceAll('’', "'")
