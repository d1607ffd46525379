import { join } from 'node:path'
import ts from 'typescript-6'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../rules/support/repository.js'

const file = join(root, 'tests/packages/hovered.ts')
const text = `
import { createHallpassClient } from '@hallpass/client'
const client = createHallpassClient({ baseUrl: 'http://127.0.0.1:8787', apiKey: 'sk_test_…' })
const { bridge_token } = await client.bridge.initialize({ customer_id: '1', external_id: '2' })
const session = await client.visitor.guest({ client_key: 'pk_test_…', locale: 'en' })
console.log(session.refresh_token, bridge_token)
`
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  noEmit: true,
}

// the language service of an editor, with one file that isn't on disk
let service: ts.LanguageService
beforeAll(() => {
  const read = (path: string) => (path === file ? text : ts.sys.readFile(path))
  service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = read(path)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    readFile: read,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
  })
})

/** What an editor shows for a word in the file. */
const hover = (word: string) =>
  ts.displayPartsToString(service.getQuickInfoAtPosition(file, text.indexOf(word))?.documentation)

describe('an editor', () => {
  test.each([
    ['customer_id', 'The unique identifier of the customer to create a bridge token for.'],
    ['external_id', 'Unique identifier for the paykey in your database, used for cross-referencing.'],
    ['bridge_token', 'JWT to use in the bridge widget.'],
    ['client_key', 'The public identifier, pk_live_… or pk_test_…'],
    ['refresh_token', 'Opaque; replaced at every use'],
  ])('shows what the field %s means', (field, meaning) => {
    expect(hover(field)).toBe(meaning)
  })
})
