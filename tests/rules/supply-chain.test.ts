import { describe, expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
type Packages = Readonly<Record<string, Entry>>

const { packages }: { packages: Packages } = JSON.parse(readText('package-lock.json'))
const published = ['packages/contracts', 'packages/client', 'packages/server', 'packages/cli']
/** What is installed from elsewhere; the rest are the workspaces. */
const installed = Object.entries(packages).filter(([place, { link }]) => place.includes('node_modules/') && !link)

describe('package-lock.json', () => {
  // npm leaves out what it could not fetch where the file was written, and then `npm ci` refuses the file everywhere
  test('holds the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => find(place, name) === undefined),
    )
    expect(missing).toEqual([])
  })

  test('states an exact version, an integrity and an address on the registry for every package', () => {
    const isWhole = ({ version = '', integrity = '', resolved = '' }: Entry) =>
      /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) &&
      /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) &&
      resolved.startsWith('https://registry.npmjs.org/') &&
      resolved.endsWith(`-${version}.tgz`)
    expect(installed.length).toBeGreaterThan(100)
    expect(installed.filter(([, entry]) => !isWhole(entry)).map(([place]) => place)).toEqual([])
  })
})

test('of what a user installs, better-sqlite3 alone runs a script', () => {
  const places = productionPlaces()
  expect(places.has('node_modules/fastify')).toBe(true)
  expect([...places].filter((place) => packages[place]?.hasInstallScript)).toEqual(['node_modules/better-sqlite3'])
  expect([...places].filter((place) => place.includes('@scarf/'))).toEqual([])
})

test('every action of a workflow is pinned to a commit, with its version beside it', () => {
  const uses = filesUnder('.github/workflows', '.yml').flatMap((path) => readText(path).match(/\buses:.*$/gm) ?? [])
  expect(uses.length).toBeGreaterThan(2)
  expect(uses.filter((line) => !/^uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
})

/** Where everything stands that the published packages bring along, read from the lock rather than from its flags. */
function productionPlaces(): ReadonlySet<string> {
  const found = new Set<string>()
  const follow = (from: string) => {
    const { dependencies = {}, optionalDependencies = {} } = packages[from] ?? {}
    for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) {
      const place = find(from, name)
      if (place === undefined || found.has(place)) continue
      found.add(place)
      follow(place)
    }
  }
  published.forEach(follow)
  return found
}

/** Below the package that asks for it, or in a folder above, as Node looks for it. */
function find(from: string, name: string): string | undefined {
  const folders = from.split('/node_modules/')
  const below = folders.map(
    (_, i) => `${folders.slice(0, folders.length - i).join('/node_modules/')}/node_modules/${name}`,
  )
  return [...below, `node_modules/${name}`].find((place) => place in packages)
}
