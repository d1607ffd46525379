import { signParts } from '../tests/system/support/fixtures/sign-raw.js'
import { began, issuer, type Kind, keys, tokenOf } from './vector-tokens.js'

/** A token, and how it is verified. What is absent is as in the document. */
export interface TokenCase {
  readonly name: string
  readonly kind: Kind
  readonly token: string
  readonly audience?: string
  readonly account?: string
  /** What the request needs a token of a declared kind to permit. */
  readonly action?: string
  readonly resource?: string
  /** Accepts a token that has uses. */
  readonly allow_unspent?: true
  readonly feed?: string
  /** Milliseconds since the epoch. */
  readonly now?: number
}

const audience = 'https://api.example.com'
const iat = Math.floor(began / 1000)

/** As many objects in each other. */
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) })

export function claimCases(): TokenCase[] {
  const kind = 'widget-session' as const
  const own = (typ: string, more: object = {}) => tokenOf(kind, 'key-1', { aud: audience, ...more }, typ)
  const session = (name: string, more: object): TokenCase => ({
    name: `${kind}: ${name}`,
    kind,
    token: tokenOf(kind, 'key-1', more),
  })
  const bridge = (name: string, more: object): TokenCase => ({
    name: `bridge: ${name}`,
    kind: 'bridge',
    token: tokenOf('bridge', 'key-1', more),
  })
  const forAudience = (name: string, token: string): TokenCase => ({
    name: `own audience: ${name}`,
    kind,
    token,
    audience,
  })
  return [
    forAudience('typ widget-session+jwt', own('widget-session+jwt')),
    forAudience('typ at+jwt', own('at+jwt', { client_id: 'key' })),
    forAudience('typ JWT', own('JWT')),
    forAudience('typ jwt', own('jwt')),
    forAudience('the standard audience', tokenOf(kind)),
    forAudience('the standard audience as JWT', tokenOf(kind, 'key-1', {}, 'JWT')),
    forAudience('another audience', own('JWT', { aud: 'https://other.example.com' })),
    forAudience('a list of audiences', own('JWT', { aud: [audience] })),
    forAudience('a bridge token', tokenOf('bridge')),
    { name: 'a verifier without an audience: typ JWT', kind, token: own('JWT') },
    { name: 'a verifier without an audience: an audience', kind, token: own('widget-session+jwt') },
    { name: 'a bridge token for an audience', kind: 'bridge', token: tokenOf('bridge', 'key-1', { aud: audience }) },
    session('a guest', { auth_mode: 'guest', user: undefined }),
    session('another auth_mode', { auth_mode: 'admin' }),
    session('an audience with a space', { aud: 'a b' }),
    session('a reserved audience', { aud: 'card' }),
    session('an empty user id', { user: { id: '' } }),
    session('a user without id', { user: { email: 'a@example.com' } }),
    session('an unknown member of the user', { user: { id: 'a', role: 'admin' } }),
    session('a user that is a text', { user: 'a' }),
    session('all members of the user', {
      user: { id: 'ü €\u{1F600}\u2028"\\/', display_name: 'Ä', email: 'a@example.com' },
    }),
    session('traits of all sorts', {
      traits: { b: [1, -0.5, 1e21, 1e-7, 12345678901234567000, true, null], a: { '': 'x' } },
    }),
    session('traits in the order of JavaScript', { traits: { 2: 'b', 10: 'c', a: 1 } }),
    session('traits nested 32 levels deep', { traits: nested(32) }),
    session('traits nested 33 levels deep', { traits: nested(33) }),
    session('traits with a text of 1,024 characters', { traits: { a: 'ü'.repeat(1024) } }),
    session('traits with a text of 1,025 characters', { traits: { a: 'a'.repeat(1025) } }),
    session('traits with a name of 1,025 characters', { traits: { ['a'.repeat(1025)]: 1 } }),
    session('traits of 4,097 bytes', { traits: { a: Array(5).fill('a'.repeat(815)) } }),
    session('traits of 4,092 bytes', { traits: { a: Array(5).fill('a'.repeat(814)) } }),
    session('traits with NUL', { traits: { a: '\u0000' } }),
    session('traits with a member __proto__', { traits: JSON.parse('{"__proto__":1}') }),
    session('traits that are a list', { traits: [1] }),
    session('metadata that is null', { metadata: null }),
    session('an origin that is a number', { origin: 1 }),
    session('an origin that was not allowed', { origin: 'https://shop.example', origin_unlisted: true }),
    session('origin_unlisted that is false', { origin: 'https://shop.example', origin_unlisted: false }),
    session('bound to a key', { cnf: { jkt: 'cEzFB4ZzmrVpyXkL5qJ6CWlkXqL2mY4rWqjYyQvTn3E' } }),
    session('bound to nothing', { cnf: {} }),
    session('bound to a key and more', { cnf: { jkt: 'a', jwk: {} } }),
    session('an empty api_key_id', { api_key_id: '' }),
    session('an api_key_id', { api_key_id: 'key' }),
    bridge('an external_id', { external_id: 'order 7' }),
    bridge('every sandbox_outcome is closed', { sandbox_outcome: 'perhaps' }),
    bridge('a sandbox_outcome', { sandbox_outcome: 'rejected' }),
    bridge('another environment', { environment: 'staging' }),
    bridge('another processing_method', { processing_method: 'later' }),
    bridge('a session claim', { sid: 'a' }),
    bridge('an external_id that is null', { external_id: null }),
    bridge('an iat of 0', { iat: 0 }),
    bridge('an id without a time', { jti: 'no-time' }),
  ]
}

/** Payloads that this service would never write, signed with its key. */
export function jsonCases(): TokenCase[] {
  const texts: Record<string, (text: string) => string> = {
    'an integer with a fraction': (text) => text.replace(`"iat":${iat}`, `"iat":${iat}.0`),
    'an integer with an exponent': (text) => text.replace(`"iat":${iat}`, `"iat":${iat}e0`),
    'an escaped slash': (text) => text.replace('https://pass', 'https:\\/\\/pass'),
    'an escaped letter': (text) => text.replace('"inline"', '"\\u0069nline"'),
    'a claim twice': (text) => text.replace('{', `{"iss":"${issuer}",`),
    'white space after a colon': (text) => text.replace('"iat":', '"iat": '),
    'a trailing line break': (text) => `${text}\n`,
    'text after the end': (text) => `${text}{}`,
    'number-like members out of order': (text) => text.replace('{', '{"b":1,"1":1,'),
    'a minus zero': (text) => text.replace(`"iat":${iat}`, '"iat":-0'),
  }
  return Object.entries(texts).map(([name, change]) => {
    const [header = '', payload = ''] = tokenOf('bridge').split('.')
    const text = change(Buffer.from(payload, 'base64url').toString())
    return {
      name: `bridge: ${name}`,
      kind: 'bridge',
      token: signParts(keys['key-1'], header, Buffer.from(text).toString('base64url')),
    }
  })
}
