import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadConfig } from './config.js'
import { forwardingNotice } from './http/connections/forwarding-notice.js'
import { isProxyOf } from './http/connections/is-proxy.js'
import type { ServeFlags } from './settings/flag-variables.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-secrets-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const key = Buffer.from('0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdeffedcba9876543211', 'hex').toString('base64url')
const fileWith = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A folder like the one that systemd makes for the credentials of a unit. */
function credentials(texts: Readonly<Record<string, string>>): string {
  const own = mkdtempSync(join(folder, 'credentials-'))
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(own, name), text)
  return own
}

describe('variables that Kubernetes sets for a Service', () => {
  test.each([
    ['HALLPASS_PORT', 'tcp://10.43.0.17:8787'],
    ['HALLPASS_PORT', 'udp://[fd00::1]:8787'],
    ['HALLPASS_METRICS_PORT', 'tcp://10.43.0.18:9464'],
    ['HALLPASS_ADMIN_PORT', 'tcp://10.43.0.19:8788'],
  ])('%s=%s is ignored with a warning', (name, value) => {
    const config = loadConfig({}, { [name]: value })
    expect(config).toMatchObject({ port: 8787, metricsPort: undefined, adminPort: undefined })
    expect(config.warnings).toEqual([expect.stringMatching(new RegExp(`^${name} is ignored, because`))])
    expect(loadConfig({ port: '1' }, { [name]: value }).port).toBe(1)
  })

  test('another value of HALLPASS_PORT is still refused', () => {
    expect(() => loadConfig({}, { HALLPASS_PORT: 'tcp:8787' })).toThrow('must be a whole number')
  })
})

describe('secrets from files', () => {
  test('are read from the file of the variable, without the line break at its end', () => {
    const config = loadConfig(
      {},
      {
        HALLPASS_MASTER_KEY_FILE: fileWith('key', `${key}\n`),
        HALLPASS_DATABASE_URL_FILE: fileWith('url', 'postgres://hp:secret@db/hp\r\n'),
        HALLPASS_DATABASE_DIRECT_URL_FILE: fileWith('direct', 'postgres://hp:secret@direct/hp\n'),
        HALLPASS_METRICS_TOKEN_FILE: fileWith('token', '\ufeff0123456789abcdef\n'),
      },
    )
    expect(config.masterKey?.toString('base64url')).toBe(key)
    expect(config).toMatchObject({
      databaseUrl: 'postgres://hp:secret@db/hp',
      databaseDirectUrl: 'postgres://hp:secret@direct/hp',
      metricsToken: '0123456789abcdef',
    })
  })

  test('are read from the credentials of systemd', () => {
    const config = loadConfig({}, { CREDENTIALS_DIRECTORY: credentials({ HALLPASS_MASTER_KEY: `${key}\n` }) })
    expect(config.masterKey?.toString('base64url')).toBe(key)
    expect(config.databaseUrl).toBe('file:./hallpass.db')
    const all = {
      HALLPASS_DATABASE_URL: 'postgres://hp:secret@pooler/hp',
      HALLPASS_DATABASE_DIRECT_URL: 'postgres://hp:secret@db/hp',
      HALLPASS_METRICS_TOKEN: '0123456789abcdef',
    }
    expect(loadConfig({}, { CREDENTIALS_DIRECTORY: credentials(all) })).toMatchObject({
      databaseUrl: all.HALLPASS_DATABASE_URL,
      databaseDirectUrl: all.HALLPASS_DATABASE_DIRECT_URL,
      metricsToken: all.HALLPASS_METRICS_TOKEN,
    })
  })

  test.each<[what: string, env: () => NodeJS.ProcessEnv, refusal: RegExp]>([
    ['a missing file', () => ({ HALLPASS_MASTER_KEY_FILE: '/none' }), /_FILE names the file \/none, .*ENOENT/],
    ['an empty file', () => ({ HALLPASS_METRICS_TOKEN_FILE: fileWith('empty', '\n') }), /which is empty/],
    [
      'two sources',
      () => ({ HALLPASS_MASTER_KEY: key, HALLPASS_MASTER_KEY_FILE: fileWith('key2', key) }),
      /HALLPASS_MASTER_KEY and HALLPASS_MASTER_KEY_FILE are both set/,
    ],
    [
      'a variable beside a credential',
      () => ({ HALLPASS_MASTER_KEY: key, CREDENTIALS_DIRECTORY: credentials({ HALLPASS_MASTER_KEY: key }) }),
      /HALLPASS_MASTER_KEY and the credential HALLPASS_MASTER_KEY are both set/,
    ],
    [
      'a file beside a credential',
      () => ({
        HALLPASS_DATABASE_URL_FILE: fileWith('url2', 'postgres://db/hp'),
        CREDENTIALS_DIRECTORY: credentials({ HALLPASS_DATABASE_URL: 'postgres://db/hp' }),
      }),
      /HALLPASS_DATABASE_URL_FILE and the credential HALLPASS_DATABASE_URL are both set/,
    ],
  ])('%s is refused', (_what, env, refusal) => {
    expect(() => loadConfig({}, env())).toThrow(refusal)
  })
})

test.each([
  ['keep-alive-timeout', '0'],
  ['keep-alive-timeout', '3601'],
  ['drain-delay', '9.5'],
  ['shed-after', '9'],
  ['shed-after', '10000'],
  ['drain-delay', '-1'],
  ['drain-delay', '10'],
] as const)('--%s %s is refused', (flag, text) => {
  expect(() => loadConfig({ [flag]: text }, {})).toThrow(`--${flag}`)
})

describe('proxies', () => {
  test.each(['192.0.2.7:51234', '[2001:db8::7]:51234', '192.0.2.7', '2001:db8::7'])(
    '%s is trusted with its port',
    (address) => {
      expect(isProxyOf(['192.0.2.0/24', '2001:db8::/32'])(address)).toBe(true)
      expect(isProxyOf(['198.51.100.0/24'])(address)).toBe(false)
    },
  )

  test('one warning if requests are forwarded and no proxy is trusted', () => {
    const warn = vi.fn()
    const request = (headers: Record<string, string>) => ({ raw: { headers } }) as never
    const notice = forwardingNotice({ trustProxy: false, log: { warn } })
    notice(request({}))
    expect(warn).not.toHaveBeenCalled()
    notice(request({ 'x-forwarded-for': '203.0.113.1' }))
    notice(request({ forwarded: 'for=203.0.113.2' }))
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Set HALLPASS_TRUST_PROXY')]])
    forwardingNotice({ trustProxy: 1, log: { warn } })(request({ 'x-forwarded-for': '203.0.113.1' }))
    expect(warn).toHaveBeenCalledTimes(1)
  })
})

describe('the direct URL of PostgreSQL', () => {
  const pooler = { 'database-url': 'postgres://hp:secret@pooler:6432/hp' }
  const direct = 'postgres://hp:secret@db/hp'
  const directUrlOf = (flags: ServeFlags, env: NodeJS.ProcessEnv = {}) => loadConfig(flags, env).databaseDirectUrl

  test('comes from the flag, else from the variable', () => {
    const env = { HALLPASS_DATABASE_DIRECT_URL: direct }
    expect(directUrlOf(pooler)).toBeUndefined()
    expect(directUrlOf(pooler, env)).toBe(direct)
    expect(directUrlOf({ ...pooler, 'database-direct-url': 'postgres://hp@other/hp' }, env)).toBe(
      'postgres://hp@other/hp',
    )
  })

  test('is ignored with SQLite, and if it is the URL of the database', () => {
    expect(directUrlOf({ 'database-direct-url': direct })).toBeUndefined()
    expect(directUrlOf({ 'database-url': direct, 'database-direct-url': `${direct}\n` })).toBeUndefined()
  })

  test.each([
    ['file:x.db', 'must be a postgres:// URL.'],
    ['postgres://hp:secret@db/hp?sslmode=no', 'has an unknown sslmode'],
  ])('%s is refused, without showing the password', (url, problem) => {
    const load = () => loadConfig({ ...pooler, 'database-direct-url': url }, {})
    expect(load).toThrow(`--database-direct-url (HALLPASS_DATABASE_DIRECT_URL) ${problem}`)
    expect(load).not.toThrow('secret')
  })
})
