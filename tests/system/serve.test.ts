import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { writeFixture } from './support/servers/child-process.js'
import {
  bridge,
  bridgeToken,
  guest,
  guestsOfAddresses,
  guestWithTicket,
  type Listening,
  widget,
} from './support/servers/listening-server.js'
import { loadedFiles } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { withFolder } from './support/servers/with-folder.js'

const { folder, start, startInProcess, files } = withFolder()

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

  test('logs a warning of Node as a line like all others', async () => {
    const code = "process.on('SIGUSR2', () => process.emitWarning('Odd.', { type: 'OddWarning', code: 'ODD' }))"
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
    const server = await start({ env })
    server.process.kill('SIGUSR2')
    const lines = () =>
      server
        .stderr()
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    const cause = { name: 'OddWarning', message: 'Odd.', code: 'ODD', stack: expect.any(String) }
    await expect.poll(lines).toContainEqual(expect.objectContaining({ level: 40, msg: 'Node.js warns.', cause }))
    expect(await server.stop()).toMatchObject({ code: 0 })
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
    const server = await start({ env, flags: {} })
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
