import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig, signingKeysOnHost } from '@hallpass/server'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintBridgeToken, mintGuest, refresh } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { openStore } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const minute = 60_000

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: TestServer | undefined
const masterKey = randomBytes(32)
const clock = testClock()
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await stop()
  await folder.remove()
})

const database = () => join(folder.path, 'hallpass.db')
const configOf = (more: object = {}) => ({
  masterKey,
  databaseUrl: `file:${database()}`,
  publicUrl: 'https://pass.example',
  ...more,
})
async function start(more: object = {}, now = clock): Promise<TestServer> {
  server = await startServer({ clock: now, fixture: fixtureWithHost, config: configOf(more) })
  return server
}
async function stop(): Promise<void> {
  await server?.stop()
  server = undefined
}
interface Listed {
  readonly kid: string
  readonly alg: string
  readonly state: string
}
const list = async (running: TestServer) =>
  (await bodyOf<{ data: Listed[] }>(await running.get('/v1/admin/signing_keys', bearer(hostKey)))).data
const fetchJwks = async (running: TestServer) => bodyOf<JSONWebKeySet>(await running.get('/.well-known/jwks.json'))

describe('a server without --signing-alg', () => {
  test('signs with ES256 in a new database', async () => {
    const server = await start()
    expect(await list(server)).toMatchObject([{ alg: 'ES256', state: 'active' }])
    expect(decodeProtectedHeader(await mintBridgeToken(server)).alg).toBe('ES256')
  })

  test('keeps the algorithm of its database until the keys are rotated', async () => {
    await start({ signingAlg: 'EdDSA' })
    await stop()
    const server = await start()
    expect(await list(server)).toMatchObject([{ alg: 'EdDSA', state: 'active' }])
    await bodyOf(await server.post('/v1/admin/signing_keys/rotate', {}, bearer(hostKey)))
    clock.advance(15 * minute)
    expect(await list(server)).toMatchObject([
      { alg: 'ES256', state: 'active' },
      { alg: 'EdDSA', state: 'retiring' },
    ])
  })
})

describe('a restart with another signing algorithm', () => {
  test('publishes the new key first; old tokens and cached key sets stay valid', async () => {
    const eddsa = await start({ signingAlg: 'EdDSA' })
    const old = await mintBridgeToken(eddsa)
    const { refresh_token } = await mintGuest(eddsa)
    await stop()
    const es256 = await start({ signingAlg: 'ES256' })
    const cached = await fetchJwks(es256)
    expect(await list(es256)).toMatchObject([
      { alg: 'ES256', state: 'announced' },
      { alg: 'EdDSA', state: 'active' },
    ])
    const early = await mintBridgeToken(es256)
    expect(decodeProtectedHeader(early).alg).toBe('EdDSA')
    clock.advance(15 * minute)
    const late = await mintBridgeToken(es256)
    expect(decodeProtectedHeader(late).alg).toBe('ES256')
    for (const token of [old, early, late]) {
      await jwtVerify(token, createLocalJWKSet(cached), { currentDate: new Date(clock.now()) })
      expect(await introspect(es256, token)).toMatchObject({ active: true })
    }
    expect((await refresh(es256, refresh_token)).status).toBe(200)
  })

  test('and back again: the algorithm of the last start signs in the end', async () => {
    await start({ signingAlg: 'EdDSA' })
    await stop()
    await start({ signingAlg: 'ES256' })
    await stop()
    clock.advance(1000)
    const running = await start({ signingAlg: 'EdDSA' })
    clock.advance(15 * minute)
    for (let turn = 0; turn < 2; turn++) {
      expect(decodeProtectedHeader(await mintBridgeToken(running)).alg).toBe('EdDSA')
      clock.advance(15 * minute)
    }
  })

  test('just after a rotation was announced: the algorithm of the last start signs in the end', async () => {
    const eddsa = await start({ signingAlg: 'EdDSA' })
    await bodyOf(await eddsa.post('/v1/admin/signing_keys/rotate', {}, bearer(hostKey)))
    await stop()
    clock.advance(1000)
    const es256 = await start({ signingAlg: 'ES256' })
    clock.advance(15 * minute)
    expect(decodeProtectedHeader(await mintBridgeToken(es256)).alg).toBe('ES256')
  })

  test('the same algorithm announces nothing', async () => {
    const [first] = await list(await start())
    await stop()
    expect(await list(await start())).toEqual([first])
  })
})

describe('a start with the wrong keys', () => {
  const fingerprint = () => createHash('sha256').update(readFileSync(database())).digest('hex')

  test('another master key fails the start with one line, and the database is unchanged', async () => {
    await start()
    await stop()
    const before = fingerprint()
    await expect(start({ masterKey: randomBytes(32) })).rejects.toThrow(/^The master key in [^\n]+$/)
    expect(fingerprint()).toBe(before)
    await expect(start()).resolves.toBeDefined()
  })

  test('a missing master key fails the start with one line, and the database is unchanged', async () => {
    await start()
    await stop()
    const before = fingerprint()
    await expect(start({ masterKey: undefined })).rejects.toThrow(/^[^\n]+$/)
    expect(fingerprint()).toBe(before)
    await expect(start()).resolves.toBeDefined()
  })

  test('a signing key sealed with another master key fails the start, naming the key', async () => {
    await start()
    await stop()
    const config = { ...loadConfig({}, {}), ...configOf() }
    const own = await openStore(config, clock, { exclusive: false })
    const [kept] = await own.store.listSigningKeys()
    if (!kept) throw new Error('the server created no signing key')
    // the kid is part of what is sealed, so a changed kid fails like another master key
    await own.store.succeedSigningKey({ ...kept, kid: 'sealed-elsewhere' }, kept.kid)
    await own.close()
    await expect(start()).rejects.toThrow(/^The signing key sealed-elsewhere cannot be opened[^\n]+$/)
  })
})

describe('commands on the host while a server runs', () => {
  test('take effect within about a second, without a restart', async () => {
    // commands on the host use the time of the host
    const running = await start({}, testClock())
    const [first] = await list(running)
    const options = {
      flags: { 'database-url': `file:${database()}` },
      env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
    }
    await signingKeysOnHost.rotate(options)
    await expect.poll(async () => (await list(running)).length).toBe(2)
    const token = await mintBridgeToken(running)
    await signingKeysOnHost.revoke(options, first?.kid ?? '')
    await expect.poll(() => introspect(running, token)).toEqual({ active: false })
    expect(await introspect(running, await mintBridgeToken(running))).toMatchObject({ active: true })
  })
})
