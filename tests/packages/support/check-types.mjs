import { createRequire } from 'node:module'

/*
 * node check-types.mjs <compiler> <texts as JSON> <tsconfig>
 * Compiles a project with TypeScript 5.9 or 6, and prints the errors as JSON. Like `tsc` without `skipLibCheck`, except
 * that it checks only the declarations of @hallpass. Checking the compiler's own declarations takes most of the time,
 * and TypeScript 7 checks all of them. Also prints what an editor shows for the last word of each text in the first file.
 */
const [compiler = '', texts = '[]', config = ''] = process.argv.slice(2)
/** @type {import('typescript-5.9') | import('typescript-6')} */
const ts = createRequire(import.meta.url)(compiler)

const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(textOf(diagnostic))
  },
}
const textOf = ({ file, messageText }) => `${file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
const isChecked = ({ fileName, isDeclarationFile }) => !isDeclarationFile || fileName.includes('/@hallpass/')

/** The language service of an editor. Its program is also the compiler's. */
function openService({ options, fileNames }) {
  return ts.createLanguageService({
    ...ts.sys,
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = ts.sys.readFile(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })
}

function check(program, errors) {
  const files = program.getSourceFiles()
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...files.filter(isChecked).flatMap((file) => program.getSemanticDiagnostics(file)),
    // last, because checking the files can add some
    ...program.getGlobalDiagnostics(),
  ]
  return { errors: found.map(textOf), files: files.map(({ fileName }) => fileName).toSorted() }
}

/** What the service shows for the last word of a text in a file: the documentation, and a line for each tag. */
function show(service, file, text) {
  const source = ts.sys.readFile(file) ?? ''
  const info = service.getQuickInfoAtPosition(file, source.indexOf(text) + text.length - 1)
  const tags = (info?.tags ?? []).map(({ name, text: parts }) => `@${name} ${ts.displayPartsToString(parts)}`)
  return { documentation: ts.displayPartsToString(info?.documentation), tags }
}

const project = ts.getParsedCommandLineOfConfigFile(config, {}, host)
const service = openService(project)
process.stdout.write(
  JSON.stringify({
    check: check(service.getProgram(), project.errors),
    shown: JSON.parse(texts).map((text) => show(service, project.fileNames[0], text)),
  }),
)
