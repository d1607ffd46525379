import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesUnder, readText, root } from './support/repository.js'

const client = 'packages/client'

/** The names that the script for pages without modules shortens. */
const shortened =
  /mangleProps:\s*\/\^\(([\w|]+)\)\$\//.exec(readText(`${client}/scripts/build-script-tag.mjs`))?.[1]?.split('|') ?? []

/** The members of a type in a source file. */
function membersOf(file: string, type: string): string[] {
  const [, text = ''] = readText(`${client}/src/${file}.ts`).split(new RegExp(`(?:interface|type|class) ${type}\\b`))
  return [...(text.split('\n\n')[0] ?? '').matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name)
}

/** The names of all fields in a JSON Schema. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {} } = schema as { properties?: object }
  return [...Object.keys(properties), ...Object.values(schema).flatMap(fieldsOf)]
}

const common = (names: readonly string[]) => shortened.filter((name) => names.includes(name))

// a script that shortens one of these would not be understood by the service, the page, or a tab with another version
test.each([
  ['hallpass-error', 'HallpassError'],
  ['browser/session-types', 'WidgetSessionEvent'],
  ['browser/session-types', 'WidgetSessionState'],
  ['browser/session-types', 'WidgetSessionOptions'],
  ['browser/session-types', 'CallOptions'],
  ['browser/session-types', 'WidgetSession'],
  ['browser/storage', 'SessionStore'],
  ['browser/key-binding', 'KeyBinding'],
  ['browser/tabs', 'TabMessage'],
  ['browser/turn-message', 'TurnMessage'],
  ['browser/notes', 'Note'],
  ['browser/cached-session', 'Lineage'],
  ['browser/cached-session', 'PortableSession'],
  ['browser/portable-error', 'PortableError'],
  ['embed/messages', 'Connect'],
  ['embed/mount-options', 'MountOptions'],
  ['embed/mount-options', 'EmbedEvent'],
  ['embed/mount-options', 'MountedWidget'],
  ['embed/connect-to-host', 'ConnectOptions'],
  ['embed/connect-to-host', 'HostLink'],
])('the script shortens no member that others see: %s, %s', (file, type) => {
  const members = membersOf(file, type)
  expect(members).not.toEqual([])
  expect(common(members)).toEqual([])
})

test('the script shortens no field of the API', () => {
  const fields = fieldsOf(JSON.parse(readText('docs/openapi.json')))
  expect(fields).toContain('session_id')
  expect(common(fields)).toEqual([])
})

test('the script shortens no member of an object of the language or the browser that it uses', () => {
  const folder = `node_modules/@typescript/typescript-${process.platform}-${process.arch}/lib`
  const libraries = readdirSync(`${root}/${folder}`).filter((name) => /^lib\.(es|dom)/.test(name))
  const members = libraries
    .flatMap((name) => [...readText(`${folder}/${name}`).matchAll(/^ +(?:readonly |get |set )?(\w+)\??[:(<]/gm)])
    .map(([, name = '']) => name)
  expect(members).toEqual(expect.arrayContaining(['postMessage', 'random', 'slice']))
  expect(common(members)).toEqual(['controller', 'platform'])
  // of a service worker, and of a navigator
  const files = ['browser', 'embed'].flatMap((folder) => filesUnder(`${client}/src/${folder}`))
  const uses = files.filter((path) => /serviceWorker|navigator\??\.platform/.test(readText(path)))
  expect(uses).toEqual([])
})
