import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { decodeJson, encode, encodeJson, hmacParts, partsOf, signParts } from './sign-raw.js'

/** What a forger has: a live token, another of the same kind, and, at worst, the server's own private key. */
export interface Forge {
  readonly token: string
  readonly other: string
  readonly ownKey: KeyObject
  readonly publicJwk: JWK
  readonly publicPem: string
  /** The id of another key in the JWKS. */
  readonly otherKid: string
  readonly now: number
}

type Mutation = (forge: Forge) => string
/** A change that needs nothing but the token. */
type Respelling = (forge: Pick<Forge, 'token'>) => string
type Members = Record<string, unknown>

const forger = generateKeyPairSync('ed25519')
const forgerJwk = forger.publicKey.export({ format: 'jwk' })

/** Header members changed, signature kept as it was. */
const withHeader =
  (change: Members): Mutation =>
  ({ token }) => {
    const [header, payload, signature] = partsOf(token)
    return `${encodeJson({ ...decodeJson(header), ...change })}.${payload}.${signature}`
  }

/** Header members changed and signed again with the server's own key: only the rule about the header can refuse it. */
const signedHeader =
  (change: Members): Mutation =>
  ({ token, ownKey }) => {
    const [header, payload] = partsOf(token)
    return signParts(ownKey, encodeJson({ ...decodeJson(header), ...change }), payload)
  }

/** Claims changed and signed again with the server's own key. */
const signedClaims =
  (change: (claims: Members, forge: Forge) => Members): Mutation =>
  (forge) => {
    const [header, payload] = partsOf(forge.token)
    return signParts(forge.ownKey, header, encodeJson(change(decodeJson(payload), forge)))
  }

/** Any text at all as header or payload, signed with the server's own key. */
const signedText =
  (text: (part: string) => string, which: 'header' | 'payload'): Mutation =>
  ({ token, ownKey }) => {
    const [header, payload] = partsOf(token)
    const decoded = Buffer.from(which === 'header' ? header : payload, 'base64url').toString('utf8')
    const changed = encode(text(decoded))
    return which === 'header' ? signParts(ownKey, changed, payload) : signParts(ownKey, header, changed)
  }

const confused =
  (secretOf: (forge: Forge) => string | Buffer): Mutation =>
  (forge) => {
    const [header, payload] = partsOf(forge.token)
    return hmacParts(secretOf(forge), encodeJson({ ...decodeJson(header), alg: 'HS256' }), payload)
  }

/** Signed by the forger, whose key the header brings along. */
const bringingKey =
  (change: Members): Mutation =>
  ({ token }) => {
    const [header, payload] = partsOf(token)
    return signParts(forger.privateKey, encodeJson({ ...decodeJson(header), ...change }), payload)
  }

const withoutClaim = (name: string): Mutation => signedClaims(({ [name]: _, ...rest }) => rest)
const withClaims = (change: (claims: Members, now: number) => Members): Mutation =>
  signedClaims((claims, { now }) => ({ ...claims, ...change(claims, now) }))

const signature =
  (change: (bytes: Buffer, forge: Forge) => Buffer): Mutation =>
  (forge) => {
    const [header, payload, old] = partsOf(forge.token)
    return `${header}.${payload}.${encode(change(Buffer.from(old, 'base64url'), forge))}`
  }

/** Headers that would steer verification, or name another kind of token. */
const headers: Record<string, Mutation> = {
  'alg none, signature kept': withHeader({ alg: 'none' }),
  'alg none, signature empty': ({ token }) => {
    const [header, payload] = partsOf(token)
    return `${encodeJson({ ...decodeJson(header), alg: 'none' })}.${payload}.`
  },
  'alg None': withHeader({ alg: 'None' }),
  'alg NONE': withHeader({ alg: 'NONE' }),
  'alg nOnE': withHeader({ alg: 'nOnE' }),
  'alg none, signed': signedHeader({ alg: 'none' }),
  'alg empty': signedHeader({ alg: '' }),
  'alg null': signedHeader({ alg: null }),
  'alg absent': signedHeader({ alg: undefined }),
  'alg in lower case': signedHeader({ alg: 'eddsa' }),
  'alg Ed25519, another name of the same': signedHeader({ alg: 'Ed25519' }),
  'alg of another key type': signedHeader({ alg: 'ES256' }),
  'alg RS256': withHeader({ alg: 'RS256' }),
  'HS256 with the public key in PEM': confused(({ publicPem }) => publicPem),
  'HS256 with the public key as JWK': confused(({ publicJwk }) => JSON.stringify(publicJwk)),
  'HS256 with the public key’s bytes': confused(({ publicJwk }) => Buffer.from(publicJwk.x ?? '', 'base64url')),
  'HS256 with the kid': confused(({ publicJwk }) => publicJwk.kid ?? ''),
  'HS256 with nothing': confused(() => ''),
  'kid absent': signedHeader({ kid: undefined }),
  'kid empty': signedHeader({ kid: '' }),
  'kid unknown': signedHeader({ kid: 'nobody' }),
  'kid of another key': (forge) => signedHeader({ kid: forge.otherKid })(forge),
  'kid a path': signedHeader({ kid: '../../../../dev/null' }),
  'kid a query': signedHeader({ kid: "' OR '1'='1" }),
  'kid __proto__': signedText((text) => text.replace(/"kid":"[^"]*"/, '"kid":"__proto__"'), 'header'),
  'kid a list': (forge) => signedHeader({ kid: [forge.publicJwk.kid] })(forge),
  'jwk embedded, signed by it': bringingKey({ jwk: forgerJwk }),
  'jwk embedded, without kid': bringingKey({ jwk: forgerJwk, kid: undefined }),
  'jwk embedded, the server’s own': (forge) => signedHeader({ jwk: forge.publicJwk })(forge),
  'jku elsewhere': bringingKey({ jku: 'https://evil.test/jwks.json' }),
  'jku, signed': signedHeader({ jku: 'https://evil.test/jwks.json' }),
  'x5u, signed': signedHeader({ x5u: 'https://evil.test/cert.pem' }),
  'x5c, signed': signedHeader({ x5c: ['MIIB'] }),
  'x5t, signed': signedHeader({ x5t: 'dGh1bWI' }),
  'crit, known': signedHeader({ crit: ['exp'], exp: 1 }),
  'crit, empty': signedHeader({ crit: [] }),
  'b64 false': signedHeader({ b64: false, crit: ['b64'] }),
  'b64 true': signedHeader({ b64: true }),
  'zip, signed': signedHeader({ zip: 'DEF' }),
  'cty, signed': signedHeader({ cty: 'JWT' }),
  'an extra header member': signedHeader({ x: 1 }),
  '__proto__ in the header': signedText((text) => text.replace('{', '{"__proto__":{"alg":"none"},'), 'header'),
  'alg twice in the header': signedText((text) => text.replace('{', '{"alg":"none",'), 'header'),
  'kid twice in the header': signedText((text) => text.replace('{', '{"kid":"nobody",'), 'header'),
  'white space in the header': signedText((text) => ` ${text}`, 'header'),
  'a byte order mark before the header': signedText((text) => `\uFEFF${text}`, 'header'),
  'the header a list': signedText((text) => `[${text}]`, 'header'),
  'the header null': signedText(() => 'null', 'header'),
  'the header no JSON': signedText((text) => text.slice(0, -1), 'header'),
  'typ absent': signedHeader({ typ: undefined }),
  'typ JWT': signedHeader({ typ: 'JWT' }),
  'typ in upper case': ({ token, ...forge }) =>
    signedHeader({ typ: String(decodeJson(partsOf(token)[0]).typ).toUpperCase() })({ token, ...forge }),
  'typ with application/': ({ token, ...forge }) =>
    signedHeader({ typ: `application/${decodeJson(partsOf(token)[0]).typ}` })({ token, ...forge }),
  'typ of the next kind': ({ token, ...forge }) => {
    const kinds = ['bridge+jwt', 'visitor+jwt', 'widget-session+jwt', 'embed-ticket+jwt']
    const at = kinds.indexOf(String(decodeJson(partsOf(token)[0]).typ))
    return signedHeader({ typ: kinds[(at + 1) % kinds.length] })({ token, ...forge })
  },
}

/** Other spellings of the very same bytes. */
export const respellings: Record<string, Respelling> = {
  'unused trailing bits set': ({ token }) => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    return token.slice(0, -1) + (letters[letters.indexOf(token.slice(-1)) ^ 1] ?? '')
  },
  'padding at the end': ({ token }) => `${token}==`,
  'padding in every part': ({ token }) =>
    token
      .split('.')
      .map((part) => part.padEnd(Math.ceil(part.length / 4) * 4 + 4, '='))
      .join('.'),
  'the + and / alphabet': ({ token }) => `${token.replaceAll('-', '+').replaceAll('_', '/')}=`,
  'a space before': ({ token }) => ` ${token}`,
  'a space after': ({ token }) => `${token} `,
  'a line break after': ({ token }) => `${token}\n`,
  'a line break within': ({ token }) => `${token.slice(0, 40)}\r\n${token.slice(40)}`,
  'a tab between parts': ({ token }) => token.replace('.', '\t.'),
  'NUL after': ({ token }) => `${token}\u0000`,
  'NUL within': ({ token }) => `${token.slice(0, 30)}\u0000${token.slice(30)}`,
  'a zero-width space after': ({ token }) => `${token}\u200B`,
  'a dot after': ({ token }) => `${token}.`,
  'a dot before': ({ token }) => `.${token}`,
  'Bearer before': ({ token }) => `Bearer ${token}`,
  'quotes around': ({ token }) => `"${token}"`,
  'percent-encoded dots': ({ token }) => token.replaceAll('.', '%2E'),
  'full-width dots': ({ token }) => token.replaceAll('.', '．'),
  'flattened JSON serialisation': ({ token }) => {
    const [header, payload, old] = partsOf(token)
    return JSON.stringify({ protected: header, payload, signature: old })
  },
}

/** Not three parts, or not the signature of these two. */
const shapes: Record<string, Mutation> = {
  'two parts': ({ token }) => token.split('.').slice(0, 2).join('.'),
  'four parts': ({ token }) => `${token}.${partsOf(token)[2]}`,
  'five parts, as a JWE has': ({ token }) => `${token}.AAAA.AAAA`,
  'no header': ({ token }) => token.replace(/^[^.]+/, ''),
  'no payload': ({ token }) => token.replace(/\.[^.]+\./, '..'),
  'no signature': ({ token }) => token.replace(/[^.]+$/, ''),
  'nothing but dots': () => '..',
  'too long': ({ token }) => `${token}${'A'.repeat(20_000)}`,
  'too long, signed': (forge) => withClaims(() => ({ traits: { filler: 'x'.repeat(20_000) } }))(forge),
  'signature truncated': signature((bytes) => bytes.subarray(0, -1)),
  'signature extended': signature((bytes) => Buffer.concat([bytes, Buffer.from([0])])),
  'signature zeroed': signature((bytes) => Buffer.alloc(bytes.length)),
  'signature one bit off': signature((bytes) => {
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0)
    return bytes
  }),
  'signature of another token': ({ token, other }) => {
    const [header, payload] = partsOf(token)
    return `${header}.${payload}.${partsOf(other)[2]}`
  },
  'payload of another token': ({ token, other }) => {
    const [header, , old] = partsOf(token)
    return `${header}.${partsOf(other)[1]}.${old}`
  },
  'signed by the forger under the server’s kid': bringingKey({}),
}

/** Claims that no token of this service has. */
const claims: Record<string, Mutation> = {
  ...Object.fromEntries(
    ['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'account_id'].map((name) => [`no ${name}`, withoutClaim(name)]),
  ),
  'iss of another server': withClaims(() => ({ iss: 'https://evil.test' })),
  'iss a list': withClaims(({ iss }) => ({ iss: [iss] })),
  'iss with a slash': withClaims(({ iss }) => ({ iss: `${iss}/` })),
  'aud of another kind': withClaims(({ aud }) => ({ aud: aud === 'bridge' ? 'visitor' : 'bridge' })),
  'aud a list of the right one': withClaims(({ aud }) => ({ aud: [aud] })),
  'aud a list of two': withClaims(({ aud }) => ({ aud: [aud, 'bridge'] })),
  'sub empty': withClaims(() => ({ sub: '' })),
  'jti empty': withClaims(() => ({ jti: '' })),
  'jti a number': withClaims(() => ({ jti: 1 })),
  'iat beyond the leeway': withClaims((_, now) => ({ iat: now + 61, exp: now + 62 })),
  'iat in the year 2600': withClaims(() => ({ iat: 20_000_000_000, exp: 20_000_000_001 })),
  'iat negative': withClaims(() => ({ iat: -1 })),
  'iat a text': withClaims(({ iat }) => ({ iat: String(iat) })),
  'iat in milliseconds': withClaims(({ iat }) => ({ iat: Number(iat) * 1000 })),
  'iat a fraction': withClaims(({ iat }) => ({ iat: Number(iat) + 0.5 })),
  'exp now': withClaims((_, now) => ({ exp: now })),
  'exp a second ago': withClaims((_, now) => ({ iat: now - 60, exp: now - 1 })),
  'exp before iat': withClaims((_, now) => ({ iat: now + 59, exp: now + 30 })),
  'exp a text': withClaims(({ exp }) => ({ exp: String(exp) })),
  'exp in milliseconds': withClaims(({ exp }) => ({ exp: Number(exp) * 1000 })),
  'exp the largest number': withClaims(() => ({ exp: Number.MAX_VALUE })),
  'exp infinite': signedText((text) => text.replace(/"exp":\d+/, '"exp":1e999'), 'payload'),
  'exp null': withClaims(() => ({ exp: null })),
  'a lifetime a second too long': withClaims(({ exp }) => ({ exp: Number(exp) + 1 })),
  'a lifetime of a year': withClaims(({ exp }) => ({ exp: Number(exp) + 31_536_000 })),
  'an old iat and a fresh exp': withClaims((_, now) => ({ iat: now - 86_400, exp: now + 10 })),
  'nbf to come': withClaims((_, now) => ({ nbf: now + 3600 })),
  'an extra claim': withClaims(() => ({ admin: true })),
  'the payload a list': signedText((text) => `[${text}]`, 'payload'),
  'the payload a text': signedText((text) => JSON.stringify(text), 'payload'),
  'the payload null': signedText(() => 'null', 'payload'),
  'the payload no JSON': signedText((text) => text.slice(1), 'payload'),
  'an account that is none': withClaims(() => ({ account_id: 7 })),
}

/** Every way to change a token that must make it worthless. */
export const mutations: Record<string, Mutation> = { ...headers, ...respellings, ...shapes, ...claims }
