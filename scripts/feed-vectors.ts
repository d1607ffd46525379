import {
  accountRevocationsPath,
  revocationsPath,
  revocationsTyp,
  unlistedOriginOf,
  unnamedApiKey,
} from '@hallpass/contracts'
import { declaredVectors } from './declared-vectors.js'
import { declarations } from './vector-kinds.js'
import {
  account,
  began,
  bridge,
  cutoff,
  feedOf,
  issuer,
  jws,
  nameOf,
  now,
  otherAccount,
  publishedKeys,
  revoking,
  session,
  signed,
  tokenOf,
  type Vector,
  vector,
} from './vector-tokens.js'

/* Writes docs/vectors/revocation-feed.json. */

const seconds = now / 1000

function vectorsOfCutoffs(): Vector[] {
  const subjects = [
    ['account', account],
    ['client_key', session.clientKey],
    ['visitor', session.visitor],
    ['user', session.user],
    ['api_key', unnamedApiKey],
  ] as const
  const kind = 'widget-session'
  return subjects.flatMap(([scope, subject]) => [
    vector(`a ${scope} cutoff after the session began`, kind, cutoff(scope, subject, began + 1), 'revoked'),
    vector(`a ${scope} cutoff in the same millisecond`, kind, cutoff(scope, subject, began), 'revoked'),
    vector(`a ${scope} cutoff before the session began`, kind, cutoff(scope, subject, began - 1), 'ok'),
  ])
}

function vectorsOfBridgeTokens(): Vector[] {
  const ofCustomer = (at: number) => cutoff('customer', bridge.customer, at)
  return [
    vector('a customer cutoff after the bridge token was made', 'bridge', ofCustomer(began + 1), 'revoked'),
    vector('a customer cutoff in the same millisecond', 'bridge', ofCustomer(began), 'revoked'),
    vector('a customer cutoff before the bridge token was made', 'bridge', ofCustomer(began - 1), 'ok'),
    vector(
      'an api_key cutoff after the bridge token was made',
      'bridge',
      cutoff('api_key', unnamedApiKey, began + 1),
      'revoked',
    ),
    vector('an account cutoff after the bridge token was made', 'bridge', cutoff('account', account, began), 'revoked'),
    vector('an account cutoff before the bridge token was made', 'bridge', cutoff('account', account, began - 1), 'ok'),
  ]
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
      signed({ cut_offs: { planet: { [nameOf('session', session.sid)]: now } } }),
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

export function revocationCases(): Vector[] {
  return [
    vector('nothing was revoked: a session', 'widget-session', signed(), 'ok'),
    vector('nothing was revoked: a bridge token', 'bridge', signed(), 'ok'),
    vector('the session', 'widget-session', revoking('session', session.sid), 'revoked'),
    vector('the client key', 'widget-session', revoking('client_key', session.clientKey), 'revoked'),
    vector('the bridge token', 'bridge', revoking('token', 'bridge', bridge.jti), 'revoked'),
    vector(
      "other sessions, and the client key doesn't matter to a bridge token",
      'bridge',
      revoking('client_key', session.clientKey),
      'ok',
    ),
    ...vectorsOfCutoffs(),
    ...vectorsOfObserveMode(),
    ...vectorsOfBridgeTokens(),
    ...vectorsOfFeeds(),
    ...declaredVectors(),
  ]
}

/** Test vectors of the revocation feed, for verifiers in any language. */
export function feedVectors(): string {
  const document = {
    issuer,
    account,
    maxStalenessSeconds: 300,
    jwks: { keys: publishedKeys },
    declarations,
    vectors: revocationCases(),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
