import { expect, test } from 'vitest'
import { readText } from './support/repository.js'

/** The names in the first column of the table under a heading. */
function namesInTable(page: string, heading: string): string[] {
  const [, section = ''] = readText(page).split(`${heading}\n`)
  const rows = section.split(/^#/m)[0]?.match(/^\| (?:`\w+`(?:, )?)+ /gm) ?? []
  return rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
}

/** The members of an interface, and those that it picks from another one. */
function membersOf(file: string, name: string): string[] {
  const [, text = ''] = readText(`packages/client/src/${file}`).split(`export interface ${name}`)
  const [head = '', body = ''] = text.split(/\{\n/)
  const own = [...(body.split(/^\}/m)[0] ?? '').matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member = '']) => member)
  return [...own, ...[...head.matchAll(/'(\w+)'/g)].map(([, picked = '']) => picked)]
}

test.each([
  ['createWidgetSession', 'docs/widget-sessions.md', '##', 'browser/session-types.ts', 'WidgetSessionOptions'],
  ['connectToHost', 'docs/embedding.md', '###', 'embed/connect-to-host.ts', 'ConnectOptions'],
  ['mountWidget', 'docs/embedding.md', '###', 'embed/mount-options.ts', 'MountOptions'],
])('the table of the options of %s in %s has exactly those of the type', (name, page, level, file, type) => {
  const members = membersOf(file, type)
  expect(members).toContain('baseUrl')
  expect(namesInTable(page, `${level} Options of \`${name}\``).toSorted()).toEqual(members.toSorted())
})
