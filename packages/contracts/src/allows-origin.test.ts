import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowsOrigin, formatAllowlistRule, parseAllowlistEntry } from './allowlist.js'

const rulesOf = (entries: readonly string[]) => entries.map(parseAllowlistEntry).filter((rule) => rule !== undefined)
const allows = (entry: string, origin: string) => allowsOrigin(rulesOf([entry]), origin)

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/).filter((text) => !text.startsWith('xn--'))
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
const port = fc.integer({ min: 1, max: 65_535 })

describe('an entry that names one origin', () => {
  test.each([
    ['https://shop.example', 'https://shop.example', true],
    ['shop.example', 'https://shop.example', true],
    ['https://shop.example:443', 'https://shop.example', true],
    ['https://shop.example:8443', 'https://shop.example:8443', true],
    ['münchen.example', 'https://xn--mnchen-3ya.example', true],
    ['shop.example', 'http://shop.example', false],
    ['shop.example', 'https://shop.example:8443', false],
    ['shop.example', 'https://shop.example:443', false],
    ['shop.example', 'https://shop.example.', false],
    ['shop.example', 'https://shop.example/', false],
    ['shop.example', 'https://SHOP.example', false],
    ['shop.example', 'https://notshop.example', false],
    ['shop.example', 'https://www.shop.example', false],
    ['shop.example', 'https://shop.example.attacker', false],
    ['shop.example', 'https://shop.example@attacker.example', false],
    ['shop.example', 'https://user@shop.example', false],
    ['shop.example', 'shop.example', false],
    ['münchen.example', 'https://münchen.example', false],
    ['null', 'null', false],
    ['https://null', 'null', false],
  ])('entry %s, origin %s: %s', (entry, origin, expected) => {
    expect(allows(entry, origin)).toBe(expected)
  })

  test('allows exactly its own bytes', () => {
    fc.assert(
      fc.property(domain, fc.oneof(fc.webUrl(), fc.string(), domain), (host, other) => {
        expect(allows(host, `https://${host}`)).toBe(true)
        expect(allows(host, other)).toBe(other === `https://${host}`)
      }),
    )
  })
})

describe('*.shop.example', () => {
  test.each([
    ['https://a.shop.example', true],
    ['https://xn--mnchen-3ya.shop.example', true],
    [`https://${'a'.repeat(63)}.shop.example`, true],
    [`https://${'a'.repeat(64)}.shop.example`, false],
    ['https://shop.example', false],
    ['https://.shop.example', false],
    ['https://a.b.shop.example', false],
    ['http://a.shop.example', false],
    ['ws://a.shop.example', false],
    ['https://a.shop.example:443', false],
    ['https://a.shop.example:8443', false],
    ['https://a.shop.example.', false],
    ['https://a.shop.example/', false],
    ['https://A.shop.example', false],
    ['https://a.SHOP.example', false],
    ['https://ä.shop.example', false],
    ['https://notshop.example', false],
    ['https://a.notshop.example', false],
    ['https://a.shop.example.attacker', false],
    ['https://attacker.example/.shop.example', false],
    ['https://attacker.example#.shop.example', false],
    ['https://attacker.example?.shop.example', false],
    ['https://attacker.example\\.shop.example', false],
    ['https://u@a.shop.example', false],
    ['https://u:p@a.shop.example', false],
    ['https://*.shop.example', false],
    ['https://-a.shop.example', false],
    ['https://a-.shop.example', false],
    ['https://a_b.shop.example', false],
    ['https://a b.shop.example', false],
    ['https://a\n.shop.example', false],
    ['https://a.shop.example\n', false],
    ['https://a.shop.example https://b.shop.example', false],
    ['null', false],
  ])('origin %j: %s', (origin, expected) => {
    expect(allows('*.shop.example', origin)).toBe(expected)
  })

  test('a label that is no valid Punycode is a host if the URL parser of the platform says so', () => {
    const origin = 'https://xn--a.shop.example'
    expect(allows('*.shop.example', origin)).toBe(URL.canParse(origin))
  })

  test('a wildcard allows exactly one label, over https, on the default port', () => {
    fc.assert(
      fc.property(domain, fc.array(label, { maxLength: 4 }), port, (host, labels, at) => {
        const origin = `https://${[...labels, host].join('.')}`
        expect(allows(`*.${host}`, origin)).toBe(labels.length === 1)
        expect(allows(`*.${host}`, origin.replace('https', 'http'))).toBe(false)
        expect(allows(`*.${host}`, `${origin}:${at}`)).toBe(false)
        expect(allows(`*.${host}`, `${origin}.attacker`)).toBe(false)
        expect(allows(`*.${host}`, `https://not${host}`)).toBe(false)
      }),
    )
  })
})

describe.each(['localhost', '127.0.0.1'])('%s:*', (host) => {
  test('allows any port over both schemes', () => {
    fc.assert(
      fc.property(fc.constantFrom('http', 'https'), port, (scheme, at) => {
        expect(allows(`${host}:*`, `${scheme}://${host}:${at}`)).toBe(true)
        expect(allows(`${host}:*`, `${scheme}://${host}`)).toBe(true)
      }),
    )
  })

  test.each([
    `ftp://${host}`,
    `http://${host}:`,
    `http://${host}:0`,
    `http://${host}:08080`,
    `http://${host}:65536`,
    `http://${host}:80a`,
    `http://${host}:-1`,
    `http://${host}:80@attacker.example`,
    `http://${host}.attacker.example`,
    `http://${host}.`,
    `http://a.${host}`,
    `http://not${host}`,
    `http://${host}/`,
    `http://u@${host}:80`,
    'http://LOCALHOST',
    'http://[::1]:80',
    'http://127.0.0.2',
    'null',
  ])('rejects %s', (origin) => {
    expect(allows(`${host}:*`, origin)).toBe(false)
  })
})

describe('an allowlist', () => {
  test('allows nothing if it is empty', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (origin) => !allowsOrigin([], origin)))
  })

  test('allows what any of its entries allows', () => {
    const rules = rulesOf(['https://a.example', '*.b.example', 'localhost:*'])
    expect(
      ['https://a.example', 'https://x.b.example', 'http://localhost:1'].every((o) => allowsOrigin(rules, o)),
    ).toBe(true)
    expect(allowsOrigin(rules, 'https://x.a.example')).toBe(false)
  })

  test('never allows null and never throws, whatever its entries are', () => {
    const entry = fc.oneof(fc.string(), domain, fc.constantFrom('null', '*.null', 'https://null', 'localhost:*'))
    const origin = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.array(entry), origin, (entries, text) => {
        const rules = rulesOf(entries)
        expect(allowsOrigin(rules, 'null')).toBe(false)
        const own = rules.map(formatAllowlistRule)
        expect(allowsOrigin(rules, text)).toBe(own.includes(text))
      }),
    )
  })
})
