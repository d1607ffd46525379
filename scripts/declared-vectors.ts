import { unnamedApiKey } from '@hallpass/contracts'
import {
  account,
  began,
  cutoff,
  declared,
  revoking,
  session,
  signed,
  tokenOf,
  type Vector,
  vector,
} from './vector-tokens.js'

/** What ends tokens of declared kinds, and what doesn't. */
export function declaredVectors(): Vector[] {
  const kind = 'report-embed'
  const subjects = [
    ['account', account],
    ['api_key', declared.apiKey],
    ['kind', kind],
    ['subject', declared.subject],
    ['resource', declared.resource],
  ] as const
  const paged = { token: tokenOf(kind, 'key-1', { api_key_id: undefined, client_key_id: session.clientKey }) }
  return [
    vector('nothing was revoked: a declared kind', kind, signed(), 'ok'),
    vector('the token of a declared kind', kind, revoking('token', 'declared', declared.jti), 'revoked'),
    vector('a bridge token with its id', kind, revoking('token', 'bridge', declared.jti), 'ok'),
    ...subjects.flatMap(([scope, subject]) => [
      vector(`a ${scope} cutoff after the token was made`, kind, cutoff(scope, subject, began + 1), 'revoked'),
      vector(`a ${scope} cutoff when the token was made`, kind, cutoff(scope, subject, began), 'revoked'),
      vector(`a ${scope} cutoff before the token was made`, kind, cutoff(scope, subject, began - 1), 'ok'),
    ]),
    vector('a cutoff of another kind', kind, cutoff('kind', 'survey', began), 'ok'),
    vector('a cutoff of another resource', kind, cutoff('resource', 'report_8', began), 'ok'),
    vector(
      'a cutoff of a customer with the id of the subject',
      kind,
      cutoff('customer', declared.subject, began),
      'ok',
    ),
    vector('a cutoff of a user with the id of the subject', kind, cutoff('user', declared.subject, began), 'ok'),
    vector('a cutoff of tokens that name no secret key', kind, cutoff('api_key', unnamedApiKey, began), 'ok'),
    vector('a resource cutoff, for a token without one', 'survey', cutoff('resource', '', began), 'ok'),
    vector('a client key that minted nothing', kind, revoking('client_key', session.clientKey), 'ok'),
    vector(
      'the client key of the page that minted it',
      kind,
      revoking('client_key', session.clientKey),
      'revoked',
      paged,
    ),
    vector('a cutoff of that client key', kind, cutoff('client_key', session.clientKey, began), 'revoked', paged),
    vector(
      'an earlier cutoff of that client key',
      kind,
      cutoff('client_key', session.clientKey, began - 1),
      'ok',
      paged,
    ),
    vector('a cutoff of no secret key, for a page', kind, cutoff('api_key', unnamedApiKey, began), 'ok', paged),
    vector('a restore after the token was made', kind, signed({ cut_off: began }), 'revoked'),
    vector('a feed of an older server, without cutoffs of kinds', kind, signed({ cut_offs: {} }), 'ok'),
    vector('cutoffs of kinds that are texts', kind, signed({ cut_offs: { kind: { name: 'now' } } }), 'unavailable'),
    vector('cutoffs of resources that are a list', kind, signed({ cut_offs: { resource: [began] } }), 'unavailable'),
    vector('a key that the feed no longer lists', kind, signed(), 'unknown_key', { token: tokenOf(kind, 'removed') }),
  ]
}
