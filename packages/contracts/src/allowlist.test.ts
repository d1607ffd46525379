import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AllowlistEntry, allowsOrigin, formatAllowlistRule, parseAllowlistEntry } from './allowlist.js'
import { appSchemes, isAppOrigin, isHttpOrigin, isPageOrigin } from './page-origin.js'

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/).filter((text) => !text.startsWith('xn--'))
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
const port = fc.integer({ min: 1, max: 65_535 })
const shape = fc.oneof(
  domain,
  domain.map((host) => `*.${host}`),
  domain.map((host) => `https://${host.toUpperCase()}/`),
  fc.tuple(fc.constantFrom('http', 'https'), domain, port).map(([scheme, host, at]) => `${scheme}://${host}:${at}`),
  fc.constantFrom('localhost:*', '127.0.0.1:*', 'LOCALHOST:*', '*.münchen.example', 'shop。example', '[::1]'),
  fc.tuple(fc.constantFrom(...appSchemes), domain).map(([scheme, host]) => `${scheme}://${host}`),
  fc.string(),
  fc.webUrl(),
)

describe('an allowlist entry', () => {
  test.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example/', 'https://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['http://shop.example:80', 'http://shop.example'],
    ['http://shop.test:3000', 'http://shop.test:3000'],
    ['HTTPS://Shop.Example', 'https://shop.example'],
    ['https://[::1]:8080', 'https://[::1]:8080'],
    ['shop.example', 'https://shop.example'],
    ['Shop.Example', 'https://shop.example'],
    ['münchen.example', 'https://xn--mnchen-3ya.example'],
    ['*.shop.example', '*.shop.example'],
    ['*.SHOP.example', '*.shop.example'],
    ['*.münchen.example', '*.xn--mnchen-3ya.example'],
    ['localhost:*', 'localhost:*'],
    ['LocalHost:*', 'localhost:*'],
    ['127.0.0.1:*', '127.0.0.1:*'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['Capacitor://localhost/', 'capacitor://localhost'],
    ['ionic://localhost', 'ionic://localhost'],
    ['tauri://localhost', 'tauri://localhost'],
    ['app://bundle.example:8080', 'app://bundle.example:8080'],
    ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
    ['safari-web-extension://0A1B-2C3D', 'safari-web-extension://0A1B-2C3D'],
  ])('%s is saved as %s', (entry, normal) => {
    expect(AllowlistEntry.parse(entry)).toBe(normal)
  })

  test.each([
    ['bücher.example', 'https://xn--bcher-kva.example'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%s is saved as %s every time', (entry, normal) => {
    const saved = new Set(Array.from({ length: 20_000 }, () => AllowlistEntry.safeParse(entry).data))
    expect([...saved]).toEqual([normal])
  })

  test.each([
    '',
    ' ',
    '*',
    '*.',
    '*.com',
    '*.*.shop.example',
    'a.*.shop.example',
    'sh*p.example',
    '*shop.example',
    'https://*.shop.example',
    'https://shop.example/path',
    'https://shop.example?q',
    'https://shop.example#f',
    'https://user@shop.example',
    'https://user:secret@shop.example',
    'ftp://shop.example',
    'htps://shop.example',
    'capacitor://',
    'capacitor:localhost',
    'capacitor://*',
    'capacitor://*.shop.example',
    'capacitor://localhost:*',
    'capacitor://localhost:0',
    'capacitor://localhost:65536',
    'capacitor://localhost/index.html',
    'capacitor://user@localhost',
    'capacitor://localhost\n',
    'capacitor:// localhost',
    'chrome-extension://*',
    'data://shop.example',
    'blob:https://shop.example',
    'null://localhost',
    'javascript://shop.example',
    'file:///etc/passwd',
    'https://',
    'https://shop.example:0:0',
    'https://shop.example:65536',
    'https://shop.example:*',
    'shop.example:*',
    'shop.example:8443',
    'shop.example.',
    '*.shop.example.',
    'shop..example',
    '-shop.example',
    'shop_.example',
    '//shop.example',
    'shop.example/',
    'https:/shop.example',
    'https:\\\\shop.example',
    'https://shop.example\\attacker',
    'https://shop.example\n',
    ' shop.example',
    'localhost:',
    'localhost:**',
    '127.0.0.2:*',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(160)}example`,
  ])('%j is rejected', (entry) => {
    expect(AllowlistEntry.safeParse(entry).success).toBe(false)
  })

  test('the error message shows valid entries and does not repeat the invalid one', () => {
    const message = AllowlistEntry.safeParse('https://user:secret@shop.example').error?.issues[0]?.message
    expect(message).toMatch(/^must look like https:\/\/shop\.example, .* such as capacitor:\/\/localhost/)
    expect(message).not.toContain('secret')
  })

  test('a formatted entry parses to the same rule', () => {
    fc.assert(
      fc.property(shape, (entry) => {
        const rule = parseAllowlistEntry(entry)
        if (rule) expect(parseAllowlistEntry(formatAllowlistRule(rule))).toEqual(rule)
      }),
      { numRuns: 2000 },
    )
  })

  test('is rejected if it is too long after normalization', () => {
    const labels = (count: number) => 'bücher.'.repeat(count)
    expect(parseAllowlistEntry(`${labels(10)}example`)).toBeDefined()
    expect(parseAllowlistEntry(`${labels(40)}example`)).toBeUndefined()
  })

  test('normalizing twice changes nothing', () => {
    fc.assert(
      fc.property(shape, (entry) => {
        const once = AllowlistEntry.safeParse(entry)
        if (once.success) expect(AllowlistEntry.parse(once.data)).toBe(once.data)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('isHttpOrigin', () => {
  test.each([
    ['https://shop.example', true],
    ['http://shop.example:8080', true],
    ['https://[::1]', true],
    ['http://localhost', true],
    ['https://xn--mnchen-3ya.example', true],
    ['https://shop.example.', true],
    ['https://münchen.example', false],
    ['https://SHOP.example', false],
    ['https://shop.example/', false],
    ['https://shop.example:443', false],
    ['https://u@shop.example', false],
    ['https://shop.example https://attacker.example', false],
    [`https://${'a.'.repeat(120)}example`, true],
    [`https://${'a.'.repeat(150)}example`, false],
    ['ftp://shop.example', false],
    ['file://', false],
    ['null', false],
    ['*', false],
    ['', false],
  ])('%s: %s', (value, expected) => {
    expect(isHttpOrigin(value)).toBe(expected)
  })

  test('accepts only what a browser would send', () => {
    const candidate = fc.oneof(
      shape,
      fc.webUrl().map((url) => new URL(url).origin),
      fc.string().map((rest) => `https://${rest}`),
    )
    fc.assert(
      fc.property(candidate, (value) => {
        if (isHttpOrigin(value)) expect(new URL(value).origin).toBe(value)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('isAppOrigin', () => {
  test.each([
    ['capacitor://localhost', true],
    ['tauri://localhost', true],
    ['moz-extension://0c1a-4e5f', true],
    ['capacitor://localhost/', false],
    ['CAPACITOR://localhost', false],
    ['capacitor://local_host', false],
    ['capacitor://-localhost', false],
    ['https://shop.example', false],
    ['file://localhost', false],
    [`capacitor://${'a'.repeat(300)}`, false],
  ])('%s: %s', (value, expected) => {
    expect(isAppOrigin(value)).toBe(expected)
  })

  test('an allowed origin matches its own entry only, byte for byte', () => {
    const origin = fc.tuple(fc.constantFrom(...appSchemes), domain).map(([scheme, host]) => `${scheme}://${host}`)
    fc.assert(
      fc.property(origin, fc.oneof(origin, shape), (entry, other) => {
        const rule = parseAllowlistEntry(entry)
        expect(rule).toEqual({ match: 'origin', origin: entry })
        if (rule) expect(allowsOrigin([rule], other)).toBe(other === entry)
        expect(isPageOrigin(entry)).toBe(true)
      }),
    )
  })
})
