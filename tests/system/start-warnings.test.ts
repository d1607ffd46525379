import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer, loadConfig, type ServeFlags } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parityFixture } from './support/parity/parity-inputs.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { warningsOf as warningsOfStart } from './support/servers/warnings-of.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const at = (name: string) => join(folder.path, name)

const masterKey = 'kq3vVYxw0e8gS1Bz6mJtR9hDcLnA2uPfXoIyWbE4ZQc'
const withMasterKey = { HALLPASS_MASTER_KEY: masterKey }

const warningsOf = (flags: ServeFlags, env: Record<string, string> = {}) =>
  warningsOfStart(loadConfig({ port: '0', 'database-url': `file:${at('x.db')}`, ...flags }, env))

describe('a start', () => {
  test('logs no warning for a new database that only this machine can reach', async () => {
    expect(await warningsOf({})).toEqual([])
    expect(await readdir(folder.path)).toContain('x.db.key')
  })

  test('warns once about each file that other users can read, with the command that fixes it', async () => {
    await warningsOf({})
    await chmod(at('x.db'), 0o644)
    await chmod(at('x.db.key'), 0o640)
    const [database = '', key, ...others] = await warningsOf({})
    // the write-ahead log of an open database has the mode of the database
    expect(database).toContain(`database: other users of this machine can access ${at('x.db')} `)
    expect(database).toContain(` Fix: chmod 600 ${at('x.db')} `)
    expect(key).toBe(
      `master key: other users of this machine can access ${at('x.db.key')}. Fix: chmod 600 ${at('x.db.key')}`,
    )
    expect(others).toEqual([])
  })

  test('does not warn about the mode of a key file that is not used', async () => {
    await warningsOf({}, withMasterKey)
    expect(await warningsOf({}, withMasterKey)).toEqual([])
  })

  test('warns about a public address without a public URL, and a public URL without encryption', async () => {
    const memory = { 'database-url': ':memory:' }
    expect(await warningsOf({ ...memory, host: '0.0.0.0' })).toEqual([
      expect.stringMatching(/^configuration: it listens on 0\.0\.0\.0, .* Fix: Set HALLPASS_PUBLIC_URL to the origin /),
    ])
    expect(await warningsOf({ ...memory, host: '0.0.0.0', 'public-url': 'https://pass.example' })).toEqual([])
    expect(await warningsOf({ ...memory, 'public-url': 'http://pass.example' })).toEqual([
      expect.stringMatching(/^configuration: http:\/\/pass\.example is not encrypted\. Fix: /),
    ])
  })
})

describe('a start in production', () => {
  const production = { profile: 'production', 'database-url': ':memory:' }
  const start = (flags: ServeFlags, env: Record<string, string> = withMasterKey) => warningsOf(flags, env)

  test.each<[name: string, flags: ServeFlags, env: Record<string, string>, found: string]>([
    ['a public address without a public URL', { host: '0.0.0.0' }, withMasterKey, 'it listens on 0.0.0.0'],
    ['a public URL without encryption', { 'public-url': 'http://pass.example' }, withMasterKey, 'is not encrypted'],
    ['metrics that a proxy may forward', { 'trust-proxy': '1' }, withMasterKey, 'requests for /metrics'],
    ['a master key of its own', {}, {}, 'the server makes its own'],
    ['identity providers on its machine', { 'local-issuers': 'on' }, withMasterKey, 'requests to its own machine'],
  ])('is refused with %s', async (_, flags, env, found) => {
    await expect(start({ ...production, ...flags }, env)).rejects.toThrow(found)
    await expect(start({ ...production, ...flags, profile: 'sandbox' }, env)).resolves.toBeInstanceOf(Array)
  })

  test('is refused with a file that other users can read', async () => {
    const file = { 'database-url': `file:${at('x.db')}` }
    await start({ ...production, ...file })
    await chmod(at('x.db'), 0o644)
    await expect(start({ ...production, ...file })).rejects.toThrow('other users of this machine can access')
  })

  test('names all exposures in one line, and how to see the fixes', async () => {
    const open = { ...production, host: '0.0.0.0', 'trust-proxy': '1' }
    const error = await start(open, {}).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      message: expect.stringMatching(/^[^\n]*it listens on 0\.0\.0\.0.*\/metrics.*master key.*hallpass doctor[^\n]*$/),
    })
  })

  test('succeeds for a setup without exposures, which offers no faults', async () => {
    const config = loadConfig({ ...production, port: '0', 'log-level': 'silent' }, withMasterKey)
    const server = await createServer(config, { fixture: parityFixture, noticeMilliseconds: 0 })
    await server.ready
    const response = await fetch(`${server.url}/v1/cards/any/widget_token?widget_type=REVEAL`, {
      headers: { Authorization: 'Bearer sk_test_acme', 'Hallpass-Sandbox-Fault': 'rate_limited' },
    })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('on this server')])
    await server.stop()
  })

  test('is that of every server with a production account, if no profile is set', async () => {
    const open = loadConfig({ port: '0', host: '0.0.0.0', 'database-url': ':memory:' }, withMasterKey)
    await expect(createServer(open, { fixture: parityFixture })).rejects.toThrow('it listens on 0.0.0.0')
  })
})
