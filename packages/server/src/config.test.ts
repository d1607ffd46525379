import { describe, expect, test } from 'vitest'
import { loadConfig } from './config.js'
import { StartError } from './errors.js'
import { flagVariables, type ServeFlags } from './settings/flag-variables.js'

const messageOf = (flags: ServeFlags, env: NodeJS.ProcessEnv = {}) => {
  try {
    loadConfig(flags, env)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  return undefined
}

describe('loadConfig', () => {
  test('returns the defaults', () => {
    expect(loadConfig({}, {})).toEqual({
      port: 8787,
      host: '127.0.0.1',
      databaseUrl: 'file:./hallpass.db',
      databaseConnections: 10,
      fixture: undefined,
      overwrite: false,
      masterKey: undefined,
      publicUrl: undefined,
      widgetOrigins: [],
      trustProxy: false,
      exportsTraces: false,
      failedCredentialsPerMinute: 60,
      logLevel: 'info',
      accessLog: 'all',
      signingAlg: undefined,
      auditLog: 'off',
      profile: undefined,
      workers: 1,
      metricsPort: undefined,
      adminPort: undefined,
      keepAliveSeconds: 620,
      drainDelaySeconds: 0.5,
      shedAfterMilliseconds: 200,
      warnings: [],
      localIssuers: false,
      secretScanningKeys: undefined,
      secretScanningAction: 'report',
      metricsToken: undefined,
      console: true,
    })
  })

  const written = {
    port: ['0', 0],
    host: ['0.0.0.0', '0.0.0.0'],
    'database-url': [':memory:', ':memory:'],
    'database-connections': ['3', 3],
    fixture: ['./fixture.json', './fixture.json'],
    overwrite: ['true', true],
    'public-url': ['https://pass.example/', 'https://pass.example'],
    'widget-origins': ['https://a.example, http://b.example:81 ,', ['https://a.example', 'http://b.example:81']],
    'trust-proxy': ['2', 2],
    'failed-credentials-per-minute': ['0', 0],
    'log-level': ['silent', 'silent'],
    'access-log': ['sampled', 'sampled'],
    'signing-alg': ['ES256', 'ES256'],
    'audit-log': ['log', 'log'],
    profile: ['production', 'production'],
    workers: ['3', 3],
    'metrics-port': ['9464', 9464],
    'admin-port': ['8788', 8788],
    'keep-alive-timeout': ['75', 75],
    'drain-delay': ['9', 9],
    'shed-after': ['off', 0],
    console: ['off', false],
    'local-issuers': ['on', true],
    'secret-scanning-keys': ['./keys.json', './keys.json'],
    'secret-scanning-action': ['disable', 'disable'],
  } as const satisfies Record<Exclude<keyof ServeFlags, 'database-direct-url'>, readonly [string, unknown]>
  const fields = {
    port: 'port',
    host: 'host',
    'database-url': 'databaseUrl',
    'database-connections': 'databaseConnections',
    fixture: 'fixture',
    overwrite: 'overwrite',
    'public-url': 'publicUrl',
    'widget-origins': 'widgetOrigins',
    'trust-proxy': 'trustProxy',
    'failed-credentials-per-minute': 'failedCredentialsPerMinute',
    'log-level': 'logLevel',
    'access-log': 'accessLog',
    'signing-alg': 'signingAlg',
    'audit-log': 'auditLog',
    profile: 'profile',
    workers: 'workers',
    'metrics-port': 'metricsPort',
    'admin-port': 'adminPort',
    'keep-alive-timeout': 'keepAliveSeconds',
    'drain-delay': 'drainDelaySeconds',
    'shed-after': 'shedAfterMilliseconds',
    console: 'console',
    'local-issuers': 'localIssuers',
    'secret-scanning-keys': 'secretScanningKeys',
    'secret-scanning-action': 'secretScanningAction',
  } as const

  // the keys of the table are the flags
  test.each(Object.keys(written) as (keyof typeof written)[])(
    '%s: a flag wins over a variable, and a variable over the default',
    (flag) => {
      const [text, value] = written[flag]
      const field = fields[flag]
      const other =
        flag === 'port' || flag === 'database-connections' ? '1' : flag === 'database-url' ? 'file:x' : undefined
      expect(loadConfig({ [flag]: text }, {})[field]).toEqual(value)
      expect(loadConfig({}, { [flagVariables[flag]]: text })[field]).toEqual(value)
      expect(loadConfig({ [flag]: text }, { [flagVariables[flag]]: other ?? 'nonsense of a variable' })[field]).toEqual(
        value,
      )
      expect(loadConfig({}, { [flagVariables[flag]]: '' })[field]).toEqual(loadConfig({}, {})[field])
    },
  )

  test('workers: auto is at least one worker', () => {
    expect(loadConfig({ workers: 'auto' }, {}).workers).toBeGreaterThanOrEqual(1)
  })

  test('the metrics port differs from the server port', () => {
    expect(loadConfig({ 'metrics-port': '9464' }, {}).metricsPort).toBe(9464)
    expect(loadConfig({ port: '0' }, { HALLPASS_METRICS_PORT: '0' }).metricsPort).toBe(0)
    for (const wrong of ['8787', '70000', 'many', '-1']) {
      expect(() => loadConfig({ 'metrics-port': wrong }, {}), wrong).toThrow('--metrics-port')
    }
  })

  test('the admin port differs from the server port and the metrics port', () => {
    expect(loadConfig({ port: '0', 'metrics-port': '0', 'admin-port': '0' }, {}).adminPort).toBe(0)
    expect(() => loadConfig({ 'admin-port': '8787' }, {})).toThrow('It must be a port other than --port.')
    expect(() => loadConfig({ 'metrics-port': '9464', 'admin-port': '9464' }, {})).toThrow(
      'It must be a port other than --metrics-port.',
    )
    expect(() => loadConfig({ 'admin-port': '65536' }, {})).toThrow('--admin-port')
  })

  test('the metrics token comes from its variable only and must be long', () => {
    const token = 'a-long-metrics-token'
    expect(loadConfig({}, { HALLPASS_METRICS_TOKEN: token }).metricsToken).toBe(token)
    expect(messageOf({}, { HALLPASS_METRICS_TOKEN: 'short' })).toContain('HALLPASS_METRICS_TOKEN')
  })

  test('the master key comes from its variable only', () => {
    const key = Buffer.from('kq3vVYxw0e8gS1Bz6mJtR9hDcLnA2uPfXoIyWbE4ZQc', 'base64url')
    expect(loadConfig({}, { HALLPASS_MASTER_KEY: key.toString('base64url') }).masterKey).toEqual(key)
    expect(Object.values(flagVariables)).not.toContain('HALLPASS_MASTER_KEY')
  })

  test.each([
    ['0', false],
    ['1', 1],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['127.0.0.1, fd00::/8', ['127.0.0.1', 'fd00::/8']],
  ])('trust-proxy %s is %j', (text, expected) => {
    expect(loadConfig({ 'trust-proxy': text }, {}).trustProxy).toEqual(expected)
  })
})

describe('an invalid value', () => {
  const port = (value: string) => `--port (HALLPASS_PORT) is "${value}". It must be a whole number from 0 to 65535.`
  const trustProxy = (value: string) =>
    `--trust-proxy (HALLPASS_TRUST_PROXY) is "${value}". It must be a number of hops, or a comma-separated list of addresses and networks.`

  test.each<[keyof ServeFlags, string, string]>([
    ['port', '65536', port('65536')],
    ['port', '-1', port('-1')],
    ['port', '80.5', port('80.5')],
    ['port', '0x50', port('0x50')],
    ['port', '8e3', port('8e3')],
    ['port', ' 80', port(' 80')],
    ['port', 'http', port('http')],
    ['port', '', port('')],
    [
      'public-url',
      'https://pass.example/path',
      '--public-url (HALLPASS_PUBLIC_URL) is "https://pass.example/path". It must be an origin such as https://pass.example.com, without a path.',
    ],
    [
      'public-url',
      'pass.example',
      '--public-url (HALLPASS_PUBLIC_URL) is "pass.example". It must be an origin such as https://pass.example.com, without a path.',
    ],
    [
      'widget-origins',
      'https://a.example,*',
      '--widget-origins (HALLPASS_WIDGET_ORIGINS) is "*". It must be a comma-separated list of origins such as https://widgets.example.com.',
    ],
    ['trust-proxy', 'true', trustProxy('true')],
    ['trust-proxy', '-1', trustProxy('-1')],
    ['trust-proxy', '100', trustProxy('100')],
    ['trust-proxy', '1.5', trustProxy('1.5')],
    ['trust-proxy', '10.0.0.0/33', trustProxy('10.0.0.0/33')],
    ['trust-proxy', ',', trustProxy(',')],
    [
      'failed-credentials-per-minute',
      'many',
      '--failed-credentials-per-minute (HALLPASS_FAILED_CREDENTIALS_PER_MINUTE) is "many". It must be a whole number from 0 to 100000; 0 is no limit.',
    ],
    [
      'log-level',
      'verbose',
      '--log-level (HALLPASS_LOG_LEVEL) is "verbose". It must be one of fatal, error, warn, info, debug, trace, silent.',
    ],
    ['access-log', 'some', '--access-log (HALLPASS_ACCESS_LOG) is "some". It must be one of off, sampled, all.'],
    ['signing-alg', 'PS256', '--signing-alg (HALLPASS_SIGNING_ALG) is "PS256". It must be one of ES256, EdDSA, RS256.'],
    ['signing-alg', 'none', '--signing-alg (HALLPASS_SIGNING_ALG) is "none". It must be one of ES256, EdDSA, RS256.'],
  ])('%s %j gives one clear line', (flag, value, message) => {
    expect(messageOf({ [flag]: value })).toBe(message)
    if (value !== '') expect(messageOf({}, { [flagVariables[flag]]: value })).toBe(message)
  })

  test.each(['port', 'public-url', 'widget-origins', 'trust-proxy', 'log-level', 'signing-alg'] as const)(
    'gives one line even if %s contains a line break',
    (flag) => {
      expect(messageOf({ [flag]: 'one\ntwo\u001b[31m' })).toMatch(/^[\x20-\x7e]+$/)
    },
  )

  test.each([
    'postgres:hunter2',
    'postgres://hallpass:hunter2@db.example:port/hallpass',
    'mysql://hallpass:hunter2@db.example/hallpass',
    'hunter2',
    'file:',
    './hunter2.db',
    ':memory',
  ])("an invalid database URL isn't repeated, because it may hold a password: %s", (url) => {
    const message = messageOf({ 'database-url': url })
    expect(message).toMatch(/^--database-url \(HALLPASS_DATABASE_URL\) (must be file:<path>|is not a valid URL).*$/)
    expect(message).not.toContain('hunter2')
  })

  test("an invalid master key isn't repeated", () => {
    expect(messageOf({}, { HALLPASS_MASTER_KEY: 'hunter2' })).toBe(
      'The master key in HALLPASS_MASTER_KEY is not 32 bytes in base64url.',
    )
  })
})
