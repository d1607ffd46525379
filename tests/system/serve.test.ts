import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { HallpassServer } from '@hallpass/server'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath } from './support/fixtures/mint.js'
import { type Served, type Start, sandboxFixture, serve, writeFixture } from './support/servers/child-process.js'
import { bearer } from './support/servers/in-process-server.js'
import {
  bridge,
  bridgeToken,
  guest,
  guestsOfAddresses,
  guestWithTicket,
  type Listening,
  widget,
} from './support/servers/listening-server.js'
import { startHere } from './support/servers/serve-in-process.js'
import { loadedFiles } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let running: { readonly stop: () => Promise<unknown> }[]
beforeEach(async () => {
  folder = await temporaryFolder()
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()))
  await folder.remove()
})

/** `hallpass serve` in the test's folder. */
async function start(more: Omit<Start, 'cwd'> = {}): Promise<Served> {
  const server = await serve({ cwd: folder.path, ...more })
  running.push({ stop: () => server.stop('SIGKILL') })
  return server
}

/** The same server in this process, which takes a tenth of the time. */
async function startInProcess(more: Omit<Start, 'cwd'> = {}): Promise<HallpassServer> {
  const server = await startHere({ cwd: folder.path, ...more })
  running.push(server)
  await server.ready
  return server
}

const files = async () => (await readdir(folder.path)).sort()

describe('hallpass serve', () => {
  test('prints exactly one line to stdout, once it is ready', async () => {
    const fixture = await writeFixture(folder.path)
    const server = await start({ flags: { 'database-url': 'file:./x.db', fixture } })
    expect(server.stdout()).toMatch(/^hallpass listening on http:\/\/127\.0\.0\.1:[1-9]\d*\n$/)
    const line = server.stdout()
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    expect((await bridge(server)).status).toBe(200)
    expect((await bridge(server, 'sk_test_unknown')).status).toBe(401)
    expect(await server.stop()).toMatchObject({ code: 0, signal: null })
    expect(server.stdout()).toBe(line)
  })

  test('preloads what its responses need, so that it is ready early', async () => {
    const fixture = await writeFixture(folder.path)
    const loaded = join(folder.path, 'loaded')
    const server = await start({ flags: { fixture }, env: { NODE_V8_COVERAGE: loaded } })
    expect((await bridge(server)).status).toBe(200)
    await server.stop()
    const { files, sources } = loadedFiles(loaded)
    expect(sources.filter((path) => /node_modules\/(kysely|fastify|jose)\//.test(path))).not.toEqual([])
    const libraries =
      /node_modules\/(ajv|pg|@fastify\/ajv-compiler|fast-json-stringify\/index|yaml|cli-progress)\/|jose\/.*\/jwe\//
    const needless = (path: string) =>
      libraries.test(path) || /server\/src\/(local|workers)\/|server\/dist\/.*\.cjs$/.test(path)
    expect(sources.filter(needless)).toEqual([])
    // loading files takes most of the time of a start, and their number is the same on every machine
    expect(files.length).toBeLessThanOrEqual(44)
  })

  test('keeps its data in ./hallpass.db by default', async () => {
    const server = await start()
    await server.stop()
    expect(await files()).toEqual(expect.arrayContaining(['hallpass.db', 'hallpass.db.key']))
  })

  test('reads every setting from the environment', async () => {
    const fixture = await writeFixture(folder.path)
    const env = {
      HALLPASS_PORT: '0',
      HALLPASS_HOST: '127.0.0.1',
      HALLPASS_DATABASE_URL: 'file:./env.db',
      HALLPASS_FIXTURE: fixture,
      HALLPASS_PUBLIC_URL: 'https://pass.example',
      HALLPASS_WIDGET_ORIGINS: widget,
      HALLPASS_TRUST_PROXY: '1',
      HALLPASS_SIGNING_ALG: 'ES256',
      HALLPASS_LOG_LEVEL: 'silent',
    }
    const server = await serve({ cwd: folder.path, env, flags: {} })
    running.push({ stop: () => server.stop('SIGKILL') })
    const token = await bridgeToken(server)
    expect(decodeJwt(token).iss).toBe('https://pass.example')
    expect(decodeProtectedHeader(token).alg).toBe('ES256')
    expect((await guestWithTicket(server)).status).toBe(200)
    expect(await guestsOfAddresses(server, (call) => `192.0.2.${call}`)).toEqual([200, 200, 200, 200])
    expect(await files()).toContain('env.db')
    await server.stop()
    expect(server.stderr()).toBe('')
  })

  test('a flag overrides its variable', async () => {
    const fixture = await writeFixture(folder.path)
    const env = {
      HALLPASS_PORT: 'nonsense',
      HALLPASS_HOST: '256.1.1.1',
      HALLPASS_DATABASE_URL: 'file:./env.db',
      HALLPASS_FIXTURE: './missing.json',
      HALLPASS_PUBLIC_URL: 'https://env.example',
      HALLPASS_WIDGET_ORIGINS: 'nonsense',
      HALLPASS_TRUST_PROXY: 'nonsense',
      HALLPASS_SIGNING_ALG: 'RS384',
      HALLPASS_LOG_LEVEL: 'loud',
    }
    const flags = {
      port: '0',
      host: '127.0.0.1',
      'database-url': 'file:./flag.db',
      fixture,
      'public-url': 'https://flag.example',
      'widget-origins': 'https://widgets.example',
      'trust-proxy': '1',
      'signing-alg': 'EdDSA',
      'log-level': 'silent',
    }
    const server = await start({ env, flags })
    const token = await bridgeToken(server)
    expect(decodeJwt(token).iss).toBe('https://flag.example')
    expect(decodeProtectedHeader(token).alg).toBe('EdDSA')
    expect(await files()).toContain('flag.db')
    expect(await files()).not.toContain('env.db')
    await server.stop()
    expect(server.stderr()).toBe('')
  })

  test('HALLPASS_PUBLIC_URL is the issuer of tokens and metadata, by default its own address', async () => {
    const fixture = await writeFixture(folder.path)
    const metadata = async (server: Listening) =>
      (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()
    const named = await startInProcess({
      env: { HALLPASS_PUBLIC_URL: 'https://pass.example' },
      flags: { fixture, 'database-url': ':memory:' },
    })
    expect(decodeJwt(await bridgeToken(named)).iss).toBe('https://pass.example')
    expect(await metadata(named)).toMatchObject({
      issuer: 'https://pass.example',
      jwks_uri: 'https://pass.example/.well-known/jwks.json',
    })
    const unnamed = await startInProcess({ flags: { fixture, 'database-url': ':memory:' } })
    expect(decodeJwt(await bridgeToken(unnamed)).iss).toBe(unnamed.url)
    expect(await metadata(unnamed)).toMatchObject({ issuer: unnamed.url })
  })

  test(':memory: writes no file', async () => {
    const elsewhere = await temporaryFolder()
    const fixture = await writeFixture(elsewhere.path)
    const server = await start({ flags: { fixture, 'database-url': ':memory:' } })
    expect((await bridge(server)).status).toBe(200)
    await server.stop()
    expect(await files()).toEqual([])
    await elsewhere.remove()
  })

  test('HALLPASS_TRUST_PROXY makes X-Forwarded-For count from the right; otherwise it is ignored', async () => {
    const fixture = await writeFixture(folder.path)
    const fourth = async (env: Record<string, string>, forwarded: (call: number) => string) =>
      guestsOfAddresses(await startInProcess({ env, flags: { fixture, 'database-url': ':memory:' } }), forwarded)
    const [each, limited] = [
      [200, 200, 200, 200],
      [200, 200, 200, 429],
    ]
    expect(await fourth({}, (call) => `192.0.2.${call}`)).toEqual(limited)
    expect(await fourth({ HALLPASS_TRUST_PROXY: '1' }, (call) => `192.0.2.${call}`)).toEqual(each)
    expect(await fourth({ HALLPASS_TRUST_PROXY: '1' }, (call) => `192.0.2.${call}, 198.51.100.7`)).toEqual(limited)
    expect(await fourth({ HALLPASS_TRUST_PROXY: '127.0.0.0/8' }, (call) => `192.0.2.${call}`)).toEqual(each)
  })

  test('HALLPASS_WIDGET_ORIGINS names the origins that need an embed ticket', async () => {
    const fixture = await writeFixture(folder.path)
    const env = { HALLPASS_WIDGET_ORIGINS: `https://other.example, ${widget}` }
    const server = await startInProcess({ env, flags: { fixture, 'database-url': ':memory:' } })
    expect((await guest(server, acme.clientKey, { Origin: widget })).status).toBe(403)
    expect((await guestWithTicket(server)).status).toBe(200)
    const plain = await startInProcess({ flags: { fixture, 'database-url': ':memory:' } })
    expect((await guest(plain, acme.clientKey, { Origin: widget })).status).toBe(403)
  })
})

describe('the fixture of hallpass serve', () => {
  const database = { 'database-url': 'file:./x.db' }

  test('is imported at start, with accounts in any order, and again without changes', async () => {
    const fixture = await writeFixture(folder.path)
    for (let round = 0; round < 2; round++) {
      const server = await startInProcess({ flags: { ...database, fixture } })
      expect((await bridge(server)).status).toBe(200)
      expect((await bridge(server, 'My API Key')).status).toBe(200)
      expect((await bridge(server, acme.disabledKey)).status).toBe(401)
      expect(
        (await fetch(server.url + cardPath(acme.activeCard, 'REVEAL'), { headers: bearer(acme.key) })).status,
      ).toBe(200)
      await server.stop()
    }
  })

  test('stays if a later start has none', async () => {
    await (await startInProcess({ flags: { ...database, fixture: await writeFixture(folder.path) } })).stop()
    expect((await bridge(await startInProcess({ flags: database }))).status).toBe(200)
  })

  test('adds and updates if it has changed, and removes nothing', async () => {
    await (await startInProcess({ flags: { ...database, fixture: await writeFixture(folder.path) } })).stop()
    const [account] = sandboxFixture.accounts.filter(({ id }) => id === acme.account)
    const changed = {
      accounts: [
        {
          ...account,
          api_keys: [{ secret: 'sk_test_added', scopes: ['*'] }],
          client_keys: [],
          cards: [],
          customers: [{ id: acme.customer, status: 'rejected' }],
        },
      ],
    }
    const server = await startInProcess({
      flags: { ...database, fixture: await writeFixture(folder.path, 'changed.json', changed) },
    })
    expect((await bridge(server, 'sk_test_added')).status, 'updated: the customer was rejected').toBe(422)
    expect((await bridge(server)).status, 'the old key is still there').toBe(422)
    const card = await fetch(`${server.url}/v1/admin/cards/${acme.activeCard}`, { headers: bearer('sk_test_added') })
    expect(card.status, 'the card is still there').toBe(200)
    expect((await guest(server, acme.clientKey, { Origin: acme.origin })).status).toBe(200)
  })

  test('is not modified, and no file is written next to the database', async () => {
    const elsewhere = await temporaryFolder()
    const fixture = await writeFixture(elsewhere.path)
    const before = await stat(fixture)
    await (await start({ flags: { ...database, fixture } })).stop()
    expect((await stat(fixture)).mtimeMs).toBe(before.mtimeMs)
    expect(await readdir(elsewhere.path)).toEqual(['fixture.json'])
    for (const file of await files()) expect(join('/', file)).toMatch(/^\/x\.db/)
    await elsewhere.remove()
  })
})
