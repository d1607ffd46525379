import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageJsons, readText, root } from './support/repository.js'

const manifests = [...packageJsons()]
const workspaces = manifests.filter(([path]) => path !== 'package.json')
const published = workspaces.filter(([, manifest]) => !manifest.private)

const entry = (path: string) => ({
  '@hallpass/source': `./src/${path}.ts`,
  types: `./dist/${path}.d.ts`,
  default: `./dist/${path}.js`,
})
const main = entry('index')

describe('every package', () => {
  test.each(manifests)('%s is ESM under Apache-2.0', (_, manifest) => {
    expect(manifest).toMatchObject({ type: 'module', license: 'Apache-2.0' })
  })

  test.each(workspaces)('%s has the one version, and names it for its neighbours', (_, manifest) => {
    const { version } = workspaces[0]?.[1] ?? {}
    const neighbours = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(manifest.version).toBe(version)
    expect(neighbours.filter(([name, range]) => name.startsWith('@hallpass/') && range !== version)).toEqual([])
  })

  test.each(workspaces)('%s has a README', (path) => {
    expect(existsSync(join(root, dirname(path), 'README.md'))).toBe(true)
  })

  test('.nvmrc names the oldest Node that is supported', () => {
    const [major] = /\d+/.exec(packageJsons().get('package.json')?.engines?.node ?? '') ?? []
    expect(readText('.nvmrc')).toBe(`${major}\n`)
  })

  test('four are published, the others are private', () => {
    const names = published.map(([, { name }]) => name).toSorted()
    expect(names).toEqual(['@hallpass/cli', '@hallpass/client', '@hallpass/contracts', '@hallpass/server'])
  })
})

describe('arrows between packages', () => {
  test.each([
    ['packages/contracts', []],
    ['packages/server', ['contracts']],
    ['packages/client', ['contracts']],
    ['packages/cli', ['contracts', 'server']],
    ['apps/demo', ['cli', 'client', 'contracts']],
    ['examples', ['client']],
    ['tests', []],
  ])('%s depends on %s at run time, and on nothing else of ours', (home, others) => {
    const { dependencies = {} } = manifestOf(home)
    const found = Object.keys(dependencies).filter((name) => name.startsWith('@hallpass/'))
    expect(found.toSorted()).toEqual(others.map((name) => `@hallpass/${name}`))
  })
})

describe('published packages', () => {
  test.each([
    ['packages/contracts', { '.': main, './core': entry('core/index') }],
    [
      'packages/client',
      {
        '.': main,
        './browser': entry('browser/index'),
        './embed': entry('embed/index'),
        // for pages without modules
        './embed.iife.js': './dist/embed.iife.js',
        './hold': entry('hold/index'),
        './react': entry('react/index'),
        './verify': entry('verify/index'),
      },
    ],
    [
      'packages/server',
      {
        '.': main,
        // what a server needs and no more, so that it is soon ready
        './serve': entry('serve'),
        // types only: a client that imports it at run time fails at once instead of carrying the server along
        './router': { types: { '@hallpass/source': './src/trpc/router.ts', default: './dist/trpc/router.d.ts' } },
      },
    ],
    ['packages/cli', undefined],
  ])('%s exports what it should and nothing else', (home, exports) => {
    expect(manifestOf(home).exports).toEqual(exports)
  })

  test.each(published)('%s ships its build without its caches', (path, manifest) => {
    // the command line reads what it offers from a file
    const beside = manifest.bin ? ['bin', 'manifest.json'] : []
    expect(manifest.files).toEqual([...beside, 'dist', '!dist/.tsbuildinfo'])
    expect(readText(path)).toMatch(/"build": "tsc -b( && node scripts\/[\w-]+\.mjs)*"/)
  })

  test('cli puts one command in the path', () => {
    const { bin } = manifestOf('packages/cli')
    expect(bin).toEqual({ hallpass: 'bin/hallpass.js' })
    expect(readText('packages/cli/bin/hallpass.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  test('importing @hallpass/server/router at run time fails', async () => {
    const specifier = '@hallpass/server/router'
    await expect(import(specifier)).rejects.toThrow()
  })
})

function manifestOf(home: string) {
  const manifest = packageJsons().get(`${home}/package.json`)
  if (!manifest) throw new Error(`there is no package in ${home}`)
  return manifest
}
