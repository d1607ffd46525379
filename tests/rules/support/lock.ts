import { readText } from './repository.js'

/** The data of a package in package-lock.json. */
export interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly deprecated?: string
  readonly optional?: boolean
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** Every package of package-lock.json by its location: the path of a workspace, or a path with `node_modules/`. */
export const { packages }: { packages: Readonly<Record<string, LockEntry>> } = JSON.parse(readText('package-lock.json'))

/**
 * The location of everything that npm installs with some workspaces. It follows the dependencies, not the flags in the
 * lock file.
 */
export function productionPlaces(workspaces: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const follow = (from: string) => {
    for (const name of installedWith(packages[from] ?? {})) {
      const place = findPlace(from, name)
      if (place === undefined || found.has(place)) continue
      found.add(place)
      follow(place)
    }
  }
  workspaces.forEach(follow)
  return found
}

/** npm also installs peer dependencies, unless they are optional. */
function installedWith(entry: LockEntry): string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entry
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]
}

/** In the node_modules of the package or of a folder above, in the order in which Node searches. */
export function findPlace(from: string, name: string): string | undefined {
  const folders = from.split('/node_modules/')
  const below = folders.map(
    (_, i) => `${folders.slice(0, folders.length - i).join('/node_modules/')}/node_modules/${name}`,
  )
  return [...below, `node_modules/${name}`].find((place) => place in packages)
}
