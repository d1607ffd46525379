import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** Folders of installed, built or cached files, as in .gitignore. */
const leftOut = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.git',
  '.turbo',
  '.hallpass',
  '.nodes',
  '.pages',
  'cache',
])

/** Every file under a folder, by its path relative to the root, with `/` between folders. */
export function filesUnder(folder: string, ending = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : filesUnder(path, ending)
      return entry.isFile() && path.endsWith(ending) ? [path] : []
    })
    .sort()
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The members of a package.json that the rules check. */
export interface PackageJson {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly publishConfig?: Readonly<Record<string, unknown>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly engines?: Readonly<Record<string, string>>
  readonly type?: string
  readonly sideEffects?: boolean
  readonly files?: readonly string[]
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Whether a package is one of this repository. */
export const isOurs = (name: string): boolean => name === 'hallpass' || name.startsWith('@hallpass/')

/** The name of the package in `packages/<folder>`. The command has the name that people type. */
export const packageNameOf = (folder: string): string => (folder === 'cli' ? 'hallpass' : `@hallpass/${folder}`)

/** Every package of the repository, by the path of its package.json. The root comes first. */
export function packageJsons(): Map<string, PackageJson> {
  const paths = filesUnder('', 'package.json').filter((path) => path.split('/').pop() === 'package.json')
  paths.sort((a, b) => Number(b === 'package.json') - Number(a === 'package.json'))
  return new Map(paths.map((path) => [path, JSON.parse(readText(path)) as PackageJson]))
}
