import { describe, expect, test } from 'vitest'
import { isOurs, packageJsons, readText } from './support/repository.js'

interface Dependency {
  readonly name: string
  readonly range: string
  readonly home: string
}

// a peer dependency has a range, because the user chooses its version; tests use the one in devDependencies
const dependencies: readonly Dependency[] = [...packageJsons().values()].flatMap((manifest) =>
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies]
    .flatMap((group) => Object.entries(group ?? {}))
    .map(([name, range]) => ({ name, range, home: shortName(manifest.name) })),
)
const foreign = dependencies.filter(({ name }) => !isOurs(name))

/** The table rows of docs/dependencies.md: name, purpose, where it is used. */
const rows = readText('docs/dependencies.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name = '', purpose = '', homes = '']) => ({ name: name.replaceAll('`', ''), purpose, homes }))

describe('direct dependencies', () => {
  test('every version is exact', () => {
    const exact = /^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/
    expect(dependencies.filter(({ range }) => !exact.test(range))).toEqual([])
  })

  test('a dependency of several packages has the same version in all of them', () => {
    const versions = new Set(foreign.map(({ name, range }) => `${name} ${range}`))
    expect([...versions].map((one) => one.split(' ')[0])).toHaveLength(new Set(foreign.map(({ name }) => name)).size)
  })

  test('each has one line in docs/dependencies.md, and each line names one', () => {
    const named = rows.map(({ name }) => name)
    expect(named.toSorted()).toEqual([...new Set(foreign.map(({ name }) => name))].toSorted())
  })

  test.each(rows)('$name: the line names its purpose and where it is used', ({ name, purpose, homes }) => {
    const used = foreign.filter((dependency) => dependency.name === name).map(({ home }) => home)
    expect(purpose).not.toBe('')
    expect(homes.split(', ').toSorted()).toEqual([...new Set(used)].toSorted())
  })
})

test('every peer dependency of a package is installed here for the tests', () => {
  for (const { devDependencies = {}, peerDependencies = {} } of packageJsons().values()) {
    expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(Object.keys(peerDependencies)))
  }
})

function shortName(packageName: string): string {
  if (packageName === '@hallpass/repository') return 'root'
  return packageName === 'hallpass' ? 'cli' : packageName.replace('@hallpass/', '')
}
