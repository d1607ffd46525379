import { readText } from './repository.js'

/** What package-lock.json states of one package. */
export interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** Every package of package-lock.json, by its place: the path of a workspace, or a path with `node_modules/`. */
export const { packages }: { packages: Readonly<Record<string, LockEntry>> } = JSON.parse(readText('package-lock.json'))

/** Where everything is that npm installs with some workspaces. Reads what packages ask for, not the flags of the lock. */
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

/** npm installs a peer too, unless it is optional. */
function installedWith(entry: LockEntry): string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entry
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]
}

/** Below the package that asks for it, or in a folder above, as Node looks for it. */
export function findPlace(from: string, name: string): string | undefined {
  const folders = from.split('/node_modules/')
  const below = folders.map(
    (_, i) => `${folders.slice(0, folders.length - i).join('/node_modules/')}/node_modules/${name}`,
  )
  return [...below, `node_modules/${name}`].find((place) => place in packages)
}
