import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPlace, type LockEntry, packages, productionPlaces } from './support/lock.js'
import { filesUnder, packageJsons, readText, root } from './support/repository.js'

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

describe('npm ci prints no warning', () => {
  test('of a deprecated package', () => {
    const locks = filesUnder('', 'package-lock.json').map((path) => JSON.parse(readText(path)).packages)
    expect(locks.length).toBeGreaterThan(3)
    const all = locks.flatMap((lock) => Object.entries<LockEntry>(lock))
    expect(all.filter(([, { deprecated }]) => deprecated !== undefined).map(([place]) => place)).toEqual([])
  })

  test('of an install script that package.json neither allows nor denies', () => {
    const { allowScripts } = JSON.parse(readText('package.json'))
    const names = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => place.split('node_modules/').at(-1) ?? '')
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter((name) => !(name in allowScripts))).toEqual([])
  })
})

test('the build tool sends no telemetry and prints no notice of it', () => {
  const scripts = [...packageJsons().values()].flatMap(({ scripts = {} }) => Object.values(scripts))
  expect(scripts.filter((script) => /\bturbo\b/.test(script))).toEqual([])
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-turbo-'))
  try {
    writeFileSync(join(folder, 'turbo'), '#!/bin/sh\necho "$TURBO_TELEMETRY_DISABLED $TURBO_NO_UPDATE_NOTIFIER"\n')
    chmodSync(join(folder, 'turbo'), 0o755)
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const { stdout } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, env, encoding: 'utf8' })
    expect(stdout).toBe('1 1\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
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
