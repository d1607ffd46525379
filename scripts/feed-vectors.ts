import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import {
  accountRevocationsPath,
  revocationsPath,
  revocationsTyp,
  revocationText,
  unlistedOriginOf,
  unnamedApiKey,
} from '@hallpass/contracts'

/*
 * Writes docs/vectors/revocation-feed.json. Ed25519 signatures are deterministic, so the file is the same every time.
 */

export const issuer = 'https://pass.example'
export const account = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'
export const otherAccount = '5a1d8f0e-77aa-4c1b-8a55-2f4f4c0f7d22'
export const now = Date.parse('2026-11-21T08:00:00.000Z')
const seconds = now / 1000
export const began = now - 300_000
const session = {
  sid: idAt(began, '4a1'),
  visitor: '3f1f8d1c-93a7-4d3e-8b0e-0d2f8a6c1b33',
  clientKey: idAt(began - 1e9, '4c2'),
  user: 'user_42',
}
const jti = idAt(began, '4b3')

export const keys = { 'key-1': keyOf(1), removed: keyOf(2), unpublished: keyOf(3) } as const
export type Kid = keyof typeof keys

type Kind = 'widget-session' | 'bridge'
type Feed = Record<string, unknown>
export interface Vector {
  readonly name: string
  readonly kind: Kind
  readonly token: string
  readonly feed: string
  readonly now: number
  readonly verdict: 'ok' | 'revoked' | 'unknown_key' | 'unavailable'
}

/** A UUID of version 7 with a given time. */
export function idAt(time: number, end: string): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000${end}`
}

function keyOf(seed: number): KeyObject {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

export function jws(
  payload: object,
  { kid = 'key-1', ...header }: { typ: string; kid?: string; alg?: string; key?: Kid },
) {
  const { typ, alg = 'EdDSA', key = kid as Kid } = header
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg, kid, typ })}.${encode(payload)}`
  return `${input}.${sign(null, Buffer.from(input), keys[key]).toString('base64url')}`
}

/** `more` changes claims. */
export function tokenOf(kind: Kind, kid: Kid = 'key-1', more: object = {}, typ: string = `${kind}+jwt`): string {
  const iat = Math.floor(began / 1000)
  const common = { iss: issuer, aud: kind }
  if (kind === 'bridge') {
    const claims = {
      ...common,
      sub: customer,
      account_id: account,
      environment: 'sandbox',
      processing_method: 'inline',
    }
    return jws({ ...claims, iat, exp: iat + 14_400, jti, ...more }, { typ, kid })
  }
  const who = { sid: session.sid, account_id: account, client_key_id: session.clientKey, agent_id: 'agent_1' }
  const claims = { ...common, sub: session.visitor, ...who, auth_mode: 'user', user: { id: session.user } }
  return jws({ ...claims, iat, exp: iat + 900, jti: idAt(began, '4d4'), ...more }, { typ, kid })
}

const nameOf = (what: Parameters<typeof revocationText>[0], ...id: string[]) =>
  createHash('sha256')
    .update(revocationText(what, account, ...id))
    .digest('base64url')
    .slice(0, 16)

const names = {
  token: nameOf('token', 'bridge', jti),
  session: nameOf('session', session.sid),
  client_key: nameOf('client_key', session.clientKey),
}
const customer = '7c0b1e52-1f3a-4f0e-9d56-3a1f0f6f2b10'
const subjects = {
  account,
  client_key: session.clientKey,
  visitor: session.visitor,
  user: session.user,
  customer,
  api_key: unnamedApiKey,
} as const
/** Names of other things, so that the right one is neither first nor alone. */
const filler = ['one', 'two'].map((id) => nameOf('session', id)).join('')

function feedOf(changes: Feed = {}): Feed {
  return {
    iss: issuer,
    sub: issuer + accountRevocationsPath(account),
    iat: seconds - 5,
    exp: seconds + 595,
    ttl: 10,
    keys: ['key-1'],
    revoked: { token: '', session: '', client_key: '' },
    ...changes,
    cut_offs: { account: {}, client_key: {}, visitor: {}, user: {}, ...(changes.cut_offs as object) },
  }
}
export const signed = (changes?: Feed) => jws(feedOf(changes), { typ: revocationsTyp })
const revoked = (what: keyof typeof names) =>
  signed({ revoked: { token: '', session: '', client_key: '', [what]: filler + names[what] } })
const cutoff = (scope: keyof typeof subjects, at: number) =>
  signed({ cut_offs: { [scope]: { [nameOf(scope, subjects[scope])]: at } } })

function vector(
  name: string,
  kind: Kind,
  feed: string,
  verdict: Vector['verdict'],
  more: Partial<Vector> = {},
): Vector {
  return { name, kind, token: tokenOf(kind), feed, now, verdict, ...more }
}

function vectorsOfCutoffs(): Vector[] {
  const scopes = ['account', 'client_key', 'visitor', 'user', 'api_key'] as const
  return scopes.flatMap((scope) => [
    vector(`a ${scope} cutoff after the session began`, 'widget-session', cutoff(scope, began + 1), 'revoked'),
    vector(`a ${scope} cutoff in the same millisecond`, 'widget-session', cutoff(scope, began), 'revoked'),
    vector(`a ${scope} cutoff before the session began`, 'widget-session', cutoff(scope, began - 1), 'ok'),
  ])
}

/** A session that began in observe mode ends with its origin, unless that was allowed. */
function vectorsOfObserveMode(): Vector[] {
  const origin = 'https://shop.example'
  const named = (at: number) =>
    signed({ cut_offs: { client_key: { [nameOf('client_key', unlistedOriginOf(session.clientKey, origin))]: at } } })
  const observed = (more: object) => ({ token: tokenOf('widget-session', 'key-1', more) })
  const unlisted = observed({ origin, origin_unlisted: true })
  const another = observed({ origin: 'https://other.example', origin_unlisted: true })
  const kind = 'widget-session'
  return [
    vector('a cutoff of the origin, which was not allowed', kind, named(began), 'revoked', unlisted),
    vector('a cutoff of the origin before the session began', kind, named(began - 1), 'ok', unlisted),
    vector('a cutoff of another origin', kind, named(began), 'ok', another),
    vector('a cutoff of the origin, which was allowed', kind, named(began), 'ok', observed({ origin })),
  ]
}

function vectorsOfFeeds(): Vector[] {
  const unusable = (name: string, feed: string, more: Partial<Vector> = {}) =>
    vector(name, 'widget-session', feed, 'unavailable', more)
  const good = feedOf()
  return [
    vector('a feed signed 300 seconds ago', 'widget-session', signed({ iat: seconds - 300 }), 'ok'),
    unusable('a feed signed 301 seconds ago', signed({ iat: seconds - 301 })),
    unusable('an expired feed', signed({ iat: seconds - 700, exp: seconds - 60 })),
    unusable('a feed signed 61 seconds in the future', signed({ iat: seconds + 61, exp: seconds + 661 })),
    unusable('a feed of another issuer', signed({ iss: 'https://other.example' })),
    unusable('a feed of another account', signed({ sub: issuer + accountRevocationsPath(otherAccount) })),
    unusable('the feed of all accounts', signed({ sub: issuer + revocationsPath })),
    unusable('another typ', jws(good, { typ: 'widget-session+jwt' })),
    unusable('another alg in the header', jws(good, { typ: revocationsTyp, alg: 'ES256' })),
    unusable('no signature algorithm', jws(good, { typ: revocationsTyp, alg: 'none' })),
    unusable('an unknown kid', jws(good, { typ: revocationsTyp, kid: 'unpublished' })),
    unusable('a signature of another key', jws(good, { typ: revocationsTyp, key: 'unpublished' })),
    unusable('no feed', ''),
    unusable('a feed without a signature', signed().replace(/[^.]+$/, '')),
    unusable('a feed without its cutoffs', jws({ ...good, cut_offs: undefined }, { typ: revocationsTyp })),
    unusable('a feed whose names are a number', signed({ revoked: { token: '', session: 1, client_key: '' } })),
    vector(
      'a feed with a scope that this verifier does not know',
      'widget-session',
      signed({ cut_offs: { planet: { [names.session]: now } } }),
      'ok',
    ),
    vector('a token of a key that the feed no longer lists', 'widget-session', signed(), 'unknown_key', {
      token: tokenOf('widget-session', 'removed'),
    }),
    vector('a restore after the session began', 'widget-session', signed({ cut_off: began }), 'revoked'),
    vector('a restore before the session began', 'widget-session', signed({ cut_off: began - 1 }), 'ok'),
    vector('a restore after the bridge token was made', 'bridge', signed({ cut_off: began }), 'revoked'),
  ]
}

/** The keys that the issuer publishes. */
export const publishedKeys = (['key-1', 'removed'] as const).map((kid) => {
  // in one order, which differs between versions of Node
  const { crv, x, kty } = createPublicKey(keys[kid]).export({ format: 'jwk' })
  return { crv, x, kty, kid, alg: 'EdDSA', use: 'sig' }
})

export function revocationCases(): Vector[] {
  return [
    vector('nothing was revoked: a session', 'widget-session', signed(), 'ok'),
    vector('nothing was revoked: a bridge token', 'bridge', signed(), 'ok'),
    vector('the session', 'widget-session', revoked('session'), 'revoked'),
    vector('the client key', 'widget-session', revoked('client_key'), 'revoked'),
    vector('the bridge token', 'bridge', revoked('token'), 'revoked'),
    vector(
      "other sessions, and the client key doesn't matter to a bridge token",
      'bridge',
      revoked('client_key'),
      'ok',
    ),
    ...vectorsOfCutoffs(),
    ...vectorsOfObserveMode(),
    vector('a customer cutoff after the bridge token was made', 'bridge', cutoff('customer', began + 1), 'revoked'),
    vector('a customer cutoff in the same millisecond', 'bridge', cutoff('customer', began), 'revoked'),
    vector('a customer cutoff before the bridge token was made', 'bridge', cutoff('customer', began - 1), 'ok'),
    vector('an api_key cutoff after the bridge token was made', 'bridge', cutoff('api_key', began + 1), 'revoked'),
    vector('an account cutoff after the bridge token was made', 'bridge', cutoff('account', began), 'revoked'),
    vector('an account cutoff before the bridge token was made', 'bridge', cutoff('account', began - 1), 'ok'),
    ...vectorsOfFeeds(),
  ]
}

/** Test vectors of the revocation feed, for verifiers in any language. */
export function feedVectors(): string {
  const document = {
    issuer,
    account,
    maxStalenessSeconds: 300,
    jwks: { keys: publishedKeys },
    vectors: revocationCases(),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
