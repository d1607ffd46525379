import { posix } from 'node:path'
import { filesUnder, readText } from './repository.js'

/** One import or re-export as written. */
export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string
  readonly specifier: string
  /** The imported file, relative to the root, or undefined for a package. */
  readonly target: string | undefined
  /** Whether the import disappears at run time. */
  readonly isType: boolean
  /** The names between the keyword and the specifier. */
  readonly names: string
}

const clause = String.raw`(?:type\s+)?(?:[\w$]+|\*(?:\s+as\s+[\w$]+)?)?(?:\s*,\s*)?(?:\{[^}]*\})?`
const statement = new RegExp(
  String.raw`^(?:import|export)\s+(?:(?<clause>${clause})\s*from\s+)?'(?<specifier>[^']+)'`,
  'gm',
)
const call = /\bimport\(\s*'(?<specifier>[^']+)'\s*\)/g

/** Every import in the TypeScript files under a folder, including `import()`. */
export function importsUnder(folder: string): Import[] {
  return ['.ts', '.tsx'].flatMap((ending) => filesUnder(folder, ending)).flatMap(importsOf)
}

export function importsOf(from: string): Import[] {
  return importsIn(from, readText(from))
}

/** The imports in a source text. This relies on Biome's formatting. */
export function importsIn(from: string, source: string): Import[] {
  const text = withoutComments(source)
  return [...text.matchAll(statement), ...text.matchAll(call)].flatMap(({ groups = {} }) => {
    const { clause = '', specifier = '' } = groups
    if (specifier === '') return []
    return [{ from, specifier, target: targetOf(from, specifier), isType: isTypeOnly(clause), names: clause }]
  })
}

function targetOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

/** `import type …`, or braces that contain only types. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const names = /^\{(?<names>[^}]*)\}$/.exec(clause.trim())?.groups?.names
  const list = (names ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return list.length > 0 && list.every((name) => name.startsWith('type '))
}

/** Comments can contain imports in examples. */
const withoutComments = (text: string) => text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '')
