import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, isOurs, packageJsons, packageNameOf, readText, root } from './support/repository.js'

const manifests = [...packageJsons()]
const workspaces = manifests.filter(([path]) => path !== 'package.json')
/** These have packages of their own, which no release changes. */
const versioned = workspaces.filter(([path]) => !/^(bench|site|tests\/model\/simulator|tests\/verifiers)\//.test(path))
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

  test.each(versioned)('%s has the common version and requires it of the other packages', (_, manifest) => {
    const { version } = versioned[0]?.[1] ?? {}
    const neighbours = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(manifest.version).toBe(version)
    expect(neighbours.filter(([name, range]) => isOurs(name) && range !== version)).toEqual([])
  })

  test.each(workspaces)('%s has a README', (path) => {
    expect(existsSync(join(root, dirname(path), 'README.md'))).toBe(true)
  })

  test('.nvmrc contains the oldest supported version of Node', () => {
    const [major] = /\d+/.exec(packageJsons().get('package.json')?.engines?.node ?? '') ?? []
    expect(readText('.nvmrc')).toBe(`${major}\n`)
  })

  test('four packages are published, the others are private', () => {
    const names = published.map(([, { name }]) => name).toSorted()
    expect(names).toEqual(['@hallpass/client', '@hallpass/contracts', '@hallpass/server', 'hallpass'])
  })
})

// a release leaves none
test('every changeset names published packages', () => {
  const changesets = filesUnder('.changeset', '.md').filter((path) => !path.endsWith('README.md'))
  const isPublished = (name: string) => published.some(([, manifest]) => manifest.name === name)
  const wrong = changesets.filter((path) => {
    const names = [...readText(path).matchAll(/^['"]([^'"]+)['"]: (?:patch|minor|major)$/gm)].map(
      ([, name = '']) => name,
    )
    return names.length === 0 || !names.every(isPublished)
  })
  expect(wrong).toEqual([])
})

describe('dependencies between packages', () => {
  test.each([
    ['packages/contracts', []],
    ['packages/server', ['contracts']],
    ['packages/client', ['contracts']],
    ['packages/cli', ['contracts', 'server']],
    ['apps/console', ['client', 'contracts']],
    ['apps/demo', ['cli', 'client', 'console', 'contracts']],
    ['examples', ['client']],
    ['tests', []],
  ])('%s depends at run time on %s and no other of our packages', (home, others) => {
    const { dependencies = {} } = manifestOf(home)
    const found = Object.keys(dependencies).filter(isOurs)
    expect(found.toSorted()).toEqual(others.map(packageNameOf).toSorted())
  })
})

describe('published packages', () => {
  test.each([
    [
      'packages/contracts',
      {
        '.': main,
        './core': entry('core/index'),
        // single files, because bundlers add all of an entry to what a page loads first
        './core/is-plain-object': entry('core/is-plain-object'),
        './core/revocation-names': entry('core/revocation-names'),
        './core/time-of-id': entry('core/time-of-id'),
        './core/widget-auth-path': entry('core/widget-auth-path'),
      },
    ],
    [
      'packages/client',
      {
        '.': main,
        './browser': entry('browser/index'),
        './dpop': entry('dpop/index'),
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
        // only what a server needs, so that it starts fast
        './serve': entry('serve'),
        // types only: importing it at run time fails at once instead of bundling the server
        './router': { types: { '@hallpass/source': './src/trpc/router.ts', default: './dist/trpc/router.d.ts' } },
      },
    ],
    [
      'packages/cli',
      {
        // for Jest, it has CommonJS too
        './testing': {
          import: entry('for-tests/index'),
          require: { types: './dist/for-tests/index.d.cts', default: './dist/for-tests/index.cjs' },
        },
      },
    ],
  ])('%s exports exactly the documented subpaths', (home, exports) => {
    expect(manifestOf(home).exports).toEqual(exports)
  })

  test.each(published)(
    '%s says what it is and is public',
    (path, { name, description, keywords, publishConfig, scripts }) => {
      expect(description).toMatch(/^[A-Z].{20,}/)
      expect(keywords).toContain('hallpass')
      // a scoped package is private by default
      expect(publishConfig).toEqual({ access: 'public' })
      const atInstall = ['preinstall', 'install', 'postinstall', 'prepare']
      expect(Object.keys(scripts ?? {}).filter((script) => atInstall.includes(script))).toEqual([])
      // npm adds the license of the package's own folder only
      expect(readText(join(dirname(path), 'LICENSE'))).toBe(readText('LICENSE'))
      expect(readText(join(dirname(path), 'README.md'))).toMatch(new RegExp(`^# ${name}\n`))
    },
  )

  test.each(published)('%s includes its build but no caches', (path, manifest) => {
    // the CLI reads its operations from a file
    const beside = manifest.bin ? ['bin', 'manifest.json'] : []
    expect(manifest.files).toEqual([...beside, 'dist', '!dist/.tsbuildinfo'])
    expect(readText(path)).toMatch(/"build": "tsc -b( && node scripts\/[\w-]+\.mjs)*"/)
  })

  test('cli puts one command on the path', () => {
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
  if (!manifest) throw new Error(`${home} contains no package`)
  return manifest
}
