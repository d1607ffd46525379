import { describe, expect, test } from 'vitest'
import { findPlace, type LockEntry, packages, productionPlaces } from './support/lock.js'
import { filesUnder, readText } from './support/repository.js'

/** Everything installed from elsewhere. The other entries are workspaces. */
const installed = Object.entries(packages).filter(([place, { link }]) => place.includes('node_modules/') && !link)

describe('package-lock.json', () => {
  // npm omits packages that it couldn't fetch on the machine that wrote the file, and then `npm ci` rejects the file
  // everywhere
  test('contains the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => findPlace(place, name) === undefined),
    )
    expect(missing).toEqual([])
  })

  test('has an exact version, an integrity and a registry URL for every package', () => {
    const isWhole = ({ version = '', integrity = '', resolved = '' }: LockEntry) =>
      /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) &&
      /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) &&
      resolved.startsWith('https://registry.npmjs.org/') &&
      resolved.endsWith(`-${version}.tgz`)
    expect(installed.length).toBeGreaterThan(100)
    expect(installed.filter(([, entry]) => !isWhole(entry)).map(([place]) => place)).toEqual([])
  })
})

const published = ['packages/contracts', 'packages/client', 'packages/server', 'packages/cli']

test("in a user's installation, no package runs a script", () => {
  const places = productionPlaces(published)
  expect(places.size).toBeGreaterThan(2)
  expect([...places].filter((place) => packages[place]?.hasInstallScript)).toEqual([])
  expect([...places].filter((place) => place.includes('@scarf/'))).toEqual([])
})

// npm installs the peer dependencies of dependencies automatically, and this one has 31 MB
test("a user's installation contains no TypeScript compiler", () => {
  const places = [...productionPlaces(published)]
  expect(places.filter((place) => /node_modules\/(typescript|@typescript\/[^/]+)$/.test(place))).toEqual([])
  expect(places).not.toContain('node_modules/@trpc/server')
})

test('every action of a workflow is pinned to a commit, with its version in a comment', () => {
  const uses = filesUnder('.github/workflows', '.yml').flatMap((path) => readText(path).match(/\buses:.*$/gm) ?? [])
  expect(uses.length).toBeGreaterThan(2)
  expect(uses.filter((line) => !/^uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
})
