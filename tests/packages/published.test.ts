import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import type { AppRouter } from '@hallpass/server/router'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { productionPlaces } from '../rules/support/lock.js'
import { isOurs, packageNameOf, readText, root } from '../rules/support/repository.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { sandboxFixture, serve, writeFixture } from '../system/support/servers/child-process.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { install, runCompiler } from './support/pack.js'

const packed = inject('packed')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

describe.each(packed)('$home as published', ({ home, files: names }) => {
  test('has no problems according to publint (strict)', async () => {
    const pkg = JSON.parse(readText(`${home}/package.json`))
    const files = names.map((name) => ({
      name: `package/${name}`,
      data: new TextEncoder().encode(readText(`${home}/${name}`)),
    }))
    const { messages } = await publint({ pkgDir: 'package', pack: { files }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })
})

test.each(packed)('$home is published with its README and the license', ({ home, files }) => {
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']))
  expect(readText(`${home}/LICENSE`)).toBe(readText('LICENSE'))
})

// otherwise webpack's source-map-loader warns of every file
test.each(['packages/contracts', 'packages/client'])('the source maps of %s contain their sources', (home) => {
  const { files = [] } = packed.find((one) => one.home === home) ?? {}
  const maps = files.filter((file) => file.endsWith('.js.map'))
  expect(maps.length).toBeGreaterThan(10)
  for (const map of maps) {
    const { sources, sourcesContent } = JSON.parse(readText(`${home}/${map}`))
    expect(sourcesContent, map).toHaveLength(sources.length)
    expect(sourcesContent, map).toEqual(sources.map(() => expect.any(String)))
  }
})

test('the React entry is a client module, so server components can use it', () => {
  expect(readText('packages/client/dist/react/index.js').split('\n')[0]).toBe("'use client';")
})

test('the packed server has both files of Swagger UI with licenses, and does not depend on it', () => {
  const server = packed.find(({ home }) => home === 'packages/server')
  const carried = (server?.files ?? []).filter((path) => path.startsWith('dist/swagger-ui/'))
  expect(carried.map((path) => path.split('/').at(-1)).toSorted()).toEqual([
    'LICENSE',
    'NOTICE',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'swagger-ui.css',
  ])
  const { dependencies } = JSON.parse(readText('packages/server/package.json'))
  expect(Object.keys(dependencies).filter((name) => /swagger|scarf/.test(name))).toEqual([])
})

// the script file has no types
test.each([
  ['packages/contracts', []],
  ['packages/client', ['embed.iife.js']],
  ['packages/server', []],
  ['packages/cli', []],
])('the types of %s resolve for modules and bundlers', async (home, excludeEntrypoints) => {
  const tarball = packed.find((one) => one.home === home)?.tarball ?? ''
  const published = createPackageFromTarballData(new Uint8Array(await readFile(tarball)))
  const checked = await checkPackage(published, { excludeEntrypoints })
  expect(checked).toMatchObject({ types: { kind: 'included' } })
  // the packages have no CommonJS, and need the resolution of entries that came with Node 16
  const ignored = ['node10', 'node16-cjs']
  const problems = 'problems' in checked ? checked.problems : []
  expect(problems.filter((one) => !('resolutionKind' in one && ignored.includes(one.resolutionKind)))).toEqual([])
})

describe('the packed CLI with its production dependencies', () => {
  beforeAll(async () => {
    const served = ['packages/contracts', 'packages/server', 'packages/cli']
    const places = [...productionPlaces(served)].map((place) => /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1])
    const others = places.flatMap((name) => (name === undefined || isOurs(name) ? [] : [name]))
    // Node 20 has no SQLite of its own
    const sqlite = process.getBuiltinModule('node:sqlite') ? [] : ['better-sqlite3']
    await install(packed, [...others, ...sqlite], folder.path)
  })

  test('serves the stock tRPC client and the page at /docs', async () => {
    const server = await serve({
      cwd: folder.path,
      command: join(folder.path, 'node_modules/hallpass/bin/hallpass.js'),
      flags: { fixture: await writeFixture(folder.path, 'fixture.json', sandboxFixture), 'log-level': 'error' },
    })
    try {
      const headers = { Authorization: `Bearer ${acme.key}` }
      const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${server.url}/trpc`, headers })] })
      const responses = await Promise.allSettled([
        client.bridge.initialize.mutate({ customer_id: acme.customer }),
        client.bridge.initialize.mutate({ customer_id: 'unknown' }),
      ])
      expect(responses).toMatchObject([
        { status: 'fulfilled', value: { bridge_token: expect.any(String) } },
        { status: 'rejected', reason: { data: { reason: expect.any(String), path: 'bridge.initialize' } } },
      ])
      // from its own files, because swagger-ui-dist isn't installed here
      const page = await fetch(`${server.url}/docs/swagger-ui-bundle.js`)
      expect({ status: page.status, text: await page.text() }).toMatchObject({
        status: 200,
        text: expect.stringContaining('SwaggerUIBundle'),
      })
    } finally {
      await server.stop()
    }
  })

  test.each([
    ['server', ['@trpc/server', 'fastify', 'kysely', 'light-my-request', 'pg', 'zod']],
    ['cli', ['commander', 'yaml']],
  ])('the %s ships the licenses of what is bundled', async (home, names) => {
    const shipped = join(folder.path, `node_modules/${packageNameOf(home)}/dist/THIRD-PARTY-LICENSES.txt`)
    const text = await readFile(shipped, 'utf8')
    for (const name of names) {
      const { version } = JSON.parse(readText(`node_modules/${name}/package.json`))
      const license = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8')
      expect(text).toContain(`${name} ${version} (`)
      expect(text).toContain(license.trim())
    }
  })
})

// two of its lines must not compile, so types that resolve to `any` are an error
test('the types of @hallpass/server/router compile in a project that installed @trpc/client', async () => {
  await install([], ['@trpc/client', '@trpc/server', '@types/node'], folder.path)
  await cp(join(root, 'tests/packages/consumer/trpc-consumer.ts'), join(folder.path, 'trpc-consumer.ts'))
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }))
  const options = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  }
  const settings = { compilerOptions: options, files: ['trpc-consumer.ts'] }
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify(settings))
  expect(await runCompiler('tsconfig.json', folder.path)).toEqual({ code: 0, text: '' })
})
