import { createRequire } from 'node:module'

/*
 * node hover.mjs <compiler> <file> <text>...
 * Prints, as JSON, what an editor shows for the last word of each text in a file: the documentation of the language service.
 */
const [compiler = '', file = '', ...texts] = process.argv.slice(2)
/** @type {import('typescript-5.9')} */
const ts = createRequire(import.meta.url)(compiler)

const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [], strict: true }
const service = ts.createLanguageService({
  ...ts.sys,
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    const text = ts.sys.readFile(name)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
})

const source = ts.sys.readFile(file) ?? ''
const shown = texts.map((text) => {
  const info = service.getQuickInfoAtPosition(file, source.indexOf(text) + text.length - 1)
  const tags = (info?.tags ?? []).map(({ name, text: parts }) => `@${name} ${ts.displayPartsToString(parts)}`)
  return [ts.displayPartsToString(info?.documentation), ...tags].join('\n')
})
process.stdout.write(JSON.stringify(shown))
