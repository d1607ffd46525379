import { createRequire } from 'node:module'

/*
 * node check-types.mjs <compiler> <tsconfig>...
 * Compiles a project with TypeScript 5.9 or 6, once for each configuration, and prints the errors as JSON. Like `tsc`
 * without `skipLibCheck`, except that it checks only the declarations of @hallpass. Checking the compiler's own
 * declarations takes most of the time, and TypeScript 7 checks all of them.
 */
const [compiler = '', ...configs] = process.argv.slice(2)
/** @type {import('typescript-5.9')} */
const ts = createRequire(import.meta.url)(compiler)

const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(textOf(diagnostic))
  },
}
const textOf = ({ file, messageText }) => `${file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
/** The first configuration checks the declarations. The others read the same ones, as the lists of files show. */
const isChecked = ({ fileName, isDeclarationFile }, isFirst) =>
  !isDeclarationFile || (isFirst && fileName.includes('/@hallpass/'))

/** The compiler's own declarations, parsed once for all configurations. */
const libraries = new Map()
function compilerHost(options) {
  const own = ts.createCompilerHost(options)
  const folder = own.getDefaultLibLocation()
  const getSourceFile = (name, ...rest) => {
    if (!name.startsWith(folder)) return own.getSourceFile(name, ...rest)
    const file = libraries.get(name) ?? own.getSourceFile(name, ...rest)
    libraries.set(name, file)
    return file
  }
  return { ...own, getSourceFile }
}

function check(config, index) {
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(config, {}, host)
  const program = ts.createProgram(fileNames, options, compilerHost(options))
  const files = program.getSourceFiles()
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...files.filter((file) => isChecked(file, index === 0)).flatMap((file) => program.getSemanticDiagnostics(file)),
    // last, because checking the files can add some
    ...program.getGlobalDiagnostics(),
  ]
  return { errors: found.map(textOf), files: files.map(({ fileName }) => fileName).toSorted() }
}

process.stdout.write(JSON.stringify(configs.map(check)))
