import { dirname } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { type Import, importsIn, importsOf, importsUnder } from './support/imports.js'
import { codeBlocks } from './support/markdown.js'
import { filesUnder, packageJsons, readText } from './support/repository.js'

const server = 'packages/server/src'

/** The modules of the server, from left to right. A module imports its own files and those of any group to its left. */
const groups = [
  ['errors', 'error-messages', 'clock', 'deadline', 'elapsed', 'iso-time', 'steady-clock', 'outbound'],
  ['ids', 'database-clock', 'tracing'],
  ['process-clock'],
  ['store'],
  ['crypto'],
  ['webhooks'],
  ['signing', 'idempotency', 'limits', 'revocation', 'refusals', 'activity', 'dpop'],
  ['identity', 'sessions', 'delivery'],
  ['operations/kinds'],
  ['operations/bridge', 'operations/visitor', 'operations/card', 'operations/tokens', 'operations/admin'],
  ['fixture'],
  ['execute'],
  ['overload'],
  ['trpc', 'metrics', 'secret-scanning'],
  ['http'],
  ['settings'],
  ['config', 'log'],
  ['open-store', 'maintenance', 'exposure', 'latest-time', 'follow-database'],
  ['start-services'],
  ['create-server', 'local'],
  ['workers'],
  ['serve'],
  ['index'],
] as const

/** What may be used in one place only. */
const owners = [
  { what: 'jose', packages: ['jose'], places: ['signing/', 'identity/'] },
  { what: 'SQL', packages: ['better-sqlite3', 'pg'], places: ['store/'] },
  { what: 'kysely', packages: ['kysely'], places: ['store/kysely.ts'] },
  { what: 'tRPC', packages: ['@trpc/server'], places: ['trpc/'] },
  { what: 'prom-client', packages: ['prom-client'], places: ['metrics/'] },
  { what: 'traces', packages: ['@opentelemetry/api', '@opentelemetry/sdk-trace-base'], places: ['tracing/'] },
  { what: 'HTTP', packages: ['fastify'], places: ['http/', 'create-server.ts'] },
]

const sources = filesUnder(server, '.ts').filter(isNoTest)
const imports = sources.flatMap(importsOf)

describe('modules of packages/server/src', () => {
  test('every file belongs to a module in a group', () => {
    const modules: readonly string[] = groups.flat()
    expect(sources.filter((path) => !modules.includes(moduleOf(path)))).toEqual([])
  })

  test('docs/architecture.md shows the same order', () => {
    const shown = codeBlocks(readText('docs/architecture.md')).map(({ text }) => text.split('│').map(wordsOf))
    expect(shown).toContainEqual(groups)
  })

  test('a module imports only from modules to its left', () => {
    expect(imports.filter(isForbidden).map(say)).toEqual([])
  })

  test.each(owners)('$what is used only in $places', ({ packages, places }) => {
    const found = imports.filter(({ specifier }) => packages.some((name) => isOf(name, specifier)))
    expect(found).not.toEqual([])
    expect(found.filter(({ from }) => !places.some((place) => from.startsWith(`${server}/${place}`))).map(say)).toEqual(
      [],
    )
  })

  test('create-server.ts imports only types of fastify', () => {
    const found = imports.filter(({ from, specifier }) => from.endsWith('create-server.ts') && specifier === 'fastify')
    expect(found.filter(({ isType }) => !isType).map(say)).toEqual([])
  })

  test('process.env is read only in config.ts', () => {
    expect(sources.filter((path) => readText(path).includes('process.env'))).toEqual([`${server}/config.ts`])
  })

  test('initTRPC is called once', () => {
    const calls = sources.flatMap((path) => [...readText(path).matchAll(/\binitTRPC\s*[.(]/g)].map(() => path))
    expect(calls).toEqual([`${server}/trpc/init.ts`])
  })
})

describe('packages', () => {
  test('contracts imports only zod', () => {
    const found = importsUnder('packages/contracts/src').filter(({ from }) => isNoTest(from))
    expect(found.filter(({ specifier, target }) => target === undefined && specifier !== 'zod').map(say)).toEqual([])
  })

  test("client imports nothing from the server, not even types, because users don't install it", () => {
    const found = importsUnder('packages/client/src').filter(({ from }) => isNoTest(from))
    expect(found.filter(({ specifier }) => isOf('@hallpass/server', specifier)).map(say)).toEqual([])
  })

  test('client verifies only in verify/, so pages include neither jose nor the schemas', () => {
    const found = importsUnder('packages/client/src').filter(({ from }) => isNoTest(from) && !from.includes('/verify/'))
    const isHeavy = ({ specifier, isType }: Import) => /^(jose|zod|@hallpass\/contracts)$/.test(specifier) && !isType
    expect(found.filter(isHeavy).map(say)).toEqual([])
  })

  test('contracts import zod as a namespace, so bundlers can drop unused parts such as locales', () => {
    const asWhole = filesUnder('packages/contracts/src', '.ts').filter(
      (path) => isNoTest(path) && /^import (type )?\{[^}]*\bz\b[^}]*\} from 'zod'/m.test(readText(path)),
    )
    expect(asWhole).toEqual([])
  })

  test('the server imports neither client nor CLI nor demo', () => {
    const found = imports.filter(({ specifier }) => /^@hallpass\/(?!contracts$)/.test(specifier))
    expect(found.map(say)).toEqual([])
  })

  /**
   * Tests of internals, such as an injected fault or a sealed key, import the server's parts only through this file.
   */
  const serverParts = 'tests/system/support/servers/server-parts.ts'

  test('no file imports another package by a relative path', () => {
    const homes = [...packageJsons().keys()].map(dirname).filter((home) => home !== '.')
    const homeOf = (path: string) => homes.find((home) => path.startsWith(`${home}/`))
    const all = ['packages', 'apps', 'tests', 'scripts'].flatMap(importsUnder)
    const found = all.filter(({ from, target }) => {
      if (from === serverParts) return false
      const home = target === undefined ? undefined : homeOf(target)
      return home !== undefined && home !== homeOf(from)
    })
    expect(found.map(say)).toEqual([
      // the page of errors is made from the texts that the server uses, which no package exports
      // the published table of tokens has the mutations that tests use
      'scripts/claim-cases.ts imports ../tests/system/support/fixtures/sign-raw.js',
      'scripts/cli-page.ts imports ../packages/cli/src/create-program.js',
      'scripts/declared-kinds.ts imports ../packages/cli/src/kinds/kind-types.js',
      'scripts/declared-kinds.ts imports ../packages/cli/src/kinds/read-declaration.js',
      'scripts/errors-page.ts imports ../packages/server/src/http/dialects/dialect.js',
      'scripts/generate.ts imports ../packages/cli/src/manifest/make-manifest.js',
      'scripts/token-cases.ts imports ../tests/system/support/fixtures/token-mutations.js',
    ])
  })
})

describe('the reader of imports', () => {
  test('finds every form and distinguishes types from values', () => {
    const source = [
      "import type { A } from './a.js'",
      "import { type B, type C } from './b.js'",
      "import d, { type E } from './d.js'",
      "import * as f from 'f'",
      "import './g.js'",
      "export * from './h.js'",
      "export {\n  i,\n  type J,\n} from './i.js'",
      "/** import { no } from 'no' */",
      "const k = await import('./k.js')",
    ].join('\n')
    expect(importsIn('x/y.ts', source).map(({ specifier, isType }) => `${specifier} ${isType}`)).toEqual([
      './a.js true',
      './b.js true',
      './d.js false',
      'f false',
      './g.js false',
      './h.js false',
      './i.js false',
      './k.js false',
    ])
  })
})

function isNoTest(path: string): boolean {
  return !path.endsWith('.test.ts') && !path.includes('/testing/')
}

/** A folder in src, a file in it, or a folder of operations. */
function moduleOf(path: string): string {
  const [first = '', second] = path.slice(server.length + 1).split(/[/.]/)
  return first === 'operations' ? `${first}/${second}` : first
}

/** A package by name, or one of its subpaths. */
function isOf(name: string, specifier: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`)
}

function isForbidden({ from, target }: Import): boolean {
  if (target === undefined || moduleOf(from) === moduleOf(target)) return false
  const place = (path: string) => groups.findIndex((modules: readonly string[]) => modules.includes(moduleOf(path)))
  return place(target) >= place(from)
}

function say({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

test('no handler spreads the context of a call, whose members are inherited', () => {
  const spread = /\.\.\.(deps|context|services|rest)\b(?!\.)/
  const found = filesUnder(`${server}/operations`).filter((path) => spread.test(readText(path)))
  expect(found).toEqual([])
})
