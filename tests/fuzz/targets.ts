import { allowsOrigin, formatAllowlistRule, isPageOrigin, parseAllowlistEntry, parseToken } from '@hallpass/contracts'
import { readFields } from '../system/support/servers/server-parts.js'
import type { Target } from './fuzz.js'
import { schema } from './schema-target.js'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const inContracts = (file: string) => (url: string) => url.includes(`/contracts/src/${file}`)

function promise(isKept: boolean, what: string): void {
  if (!isKept) throw new Error(what)
}

const token: Target = {
  run(text) {
    const parsed = parseToken(text)
    if (!parsed) return
    const { alg, kid, typ, payload } = parsed
    const [header = '', claims = ''] = text.split('.')
    promise(claims === encoded(payload), 'a payload has two encodings')
    const read: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    promise(header === encoded(read), 'a header has two encodings')
    promise(
      encoded(Object.entries(Object(read)).toSorted()) === encoded(Object.entries({ alg, kid, typ }).toSorted()),
      'a header contains more than is read',
    )
  },
  seeds: [
    `${encoded({ alg: 'ES256', kid: 'k1', typ: 'bridge+jwt' })}.${encoded({ sub: 'a', exp: 1 })}.AAAA`,
    `${encoded({ typ: 'visitor+jwt', alg: 'EdDSA', kid: 'k1' })}.${encoded({ user: { id: 'é' } })}.AA`,
    `${encoded({ alg: 'none', kid: 'k1', typ: 'widget-session+jwt' })}.${encoded([])}.`,
    '..',
  ],
  words: [
    '.',
    'eyJ',
    encoded({}),
    encoded([1]),
    encoded('\u0000'),
    encoded({ alg: 'ES256', kid: 'k', typ: 'embed-ticket+jwt' }),
    '=',
    'AQ',
    'AB',
  ],
  longest: 32_768,
  isWatched: inContracts('jwt/'),
}

const allowlist: Target = {
  run(text) {
    const [entry = '', origin = ''] = text.split('\n', 2)
    const rule = parseAllowlistEntry(entry)
    if (rule) {
      const written = formatAllowlistRule(rule)
      const again = parseAllowlistEntry(written)
      promise(
        again !== undefined && formatAllowlistRule(again) === written,
        'a saved entry changes when it is parsed again',
      )
      promise(!allowsOrigin([rule], 'null'), 'the origin null is allowed')
      // a local entry allows every port, including the default one, which browsers omit
      const asSent = rule.match === 'any-port' ? origin.replace(/:(80|443)$/, '') : origin
      if (allowsOrigin([rule], origin)) promise(isPageOrigin(asSent), 'an origin is allowed that no browser sends')
    }
    isPageOrigin(text)
    isPageOrigin(origin)
  },
  seeds: [
    'https://shop.example\nhttps://shop.example',
    'shop.example\nhttps://shop.example:8443',
    '*.shop.example\nhttps://a.shop.example',
    'localhost:*\nhttp://localhost:3000',
    '127.0.0.1:*\nhttps://127.0.0.1',
    'http://[::1]:8080\nhttp://[::1]:8080',
    'bücher.example\nnull',
    'capacitor://localhost\ncapacitor://localhost',
  ],
  words: [
    'https://',
    'http://',
    '*.',
    ':*',
    'localhost',
    '127.0.0.1',
    'xn--',
    '\n',
    'null',
    ':443',
    '[::1]',
    '.',
    '%2e',
    '中',
  ],
  longest: 64_000,
  isWatched: inContracts('allowlist'),
}

const fieldNames = ['token', 'client_key', '__proto__', 'a b', '']

const query: Target = {
  run(text) {
    const pieces = text.split('&').filter((piece) => piece !== '')
    const fields = fieldsOrRefusal(text)
    promise((fields === undefined) === pieces.length > 64, 'the count of parameters is wrong')
    if (!fields) return
    const params = new URLSearchParams(text)
    for (const name of fieldNames) {
      const all = params.getAll(name)
      const expected = all.length > 1 ? all : all[0]
      promise(
        JSON.stringify(Object.hasOwn(fields, name) ? fields[name] : undefined) === JSON.stringify(expected),
        'a field is decoded differently',
      )
    }
    promise(
      Object.keys(fields).every((name) => fieldNames.includes(name)),
      'a field is read that was not requested',
    )
  },
  seeds: ['token=a&token=b', 'client_key=pk_test_acme&x=1', 'a+b=%C3%A9&__proto__=1', '=&==&%', 'n&'.repeat(66)],
  words: ['&', '=', '%', '+', '%26', '%3D', '%ff', '%C3', 'token', 'client_key=', '__proto__', '&&', 'a+b', 'a%20b'],
  longest: 64_000,
  isWatched: (url) =>
    url.includes('/http/read-fields') || url === 'node:internal/url' || url === 'node:internal/querystring',
}

function fieldsOrRefusal(text: string): Record<string, unknown> | undefined {
  try {
    return readFields(text, fieldNames)
  } catch (error) {
    if (error instanceof Error && 'reason' in error && error.reason === 'malformed_request') return undefined
    throw error
  }
}

/** The fuzz targets, by name. */
export const targets: Readonly<Record<string, Target>> = { token, allowlist, query, schema }
