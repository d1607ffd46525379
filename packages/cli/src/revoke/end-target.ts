import type { Target } from './find-targets.js'
import type { Kind } from './recognize.js'
import { RefusedCall, type Service } from './service.js'

/** What ends with each kind of thing. */
const ends: Readonly<Record<Exclude<Kind, 'token'>, string>> = {
  session: 'its session tokens and refresh tokens',
  visitor: 'every session of the visitor that began before now',
  user: 'every session and visitor token of the user that began before now',
  'client-key': 'every token and session of the client key that began before now; the key stays enabled',
  'api-key': 'the secret key, and everything that it minted before now',
  customer: "every bridge token of the customer, and every card token of the customer's cards, from before now",
  card: 'every widget token of the card from before now',
  account: 'every token and session of the account that began before now; its keys stay enabled',
}

/** What ends with a token, by its kind. */
const tokenEnds: Readonly<Record<string, string>> = {
  'widget-session': 'its session, with every session token and refresh token of it',
  refresh: 'its session, with every session token and refresh token of it',
}

export function describeEnd({ kind, tokenKind = '', isGuess = false }: Target): string {
  if (isGuess) return `the session with this id, if there is one: ${ends.session}`
  return kind === 'token' ? (tokenEnds[tokenKind] ?? `this ${tokenKind} token`) : ends[kind]
}

/** Ends it; returns what the service says of it. `text` is what was given, and holds the token of a token. */
export async function endTarget(service: Service, { kind, id = '' }: Target, text: string): Promise<object> {
  switch (kind) {
    case 'token':
      return service.call('tokens.revoke', { token: text })
    case 'session':
      return service.call('admin.sessions.revoke', { session_id: id })
    case 'visitor':
      return service.call('admin.sessions.revoke', { visitor_id: id })
    case 'user':
      return service.call('admin.sessions.revoke', { user_id: id })
    case 'client-key':
      return service.call('admin.sessions.revoke', { client_key_id: id })
    case 'customer':
      return service.call('admin.sessions.revoke', { customer_id: id })
    case 'card':
      return service.call('admin.sessions.revoke', { card_id: id })
    case 'account':
      return service.call('admin.sessions.revoke', { account: true }, { accountId: id })
    case 'api-key':
      return endApiKey(service, id)
  }
}

/** In one call, because a caller that ends its own key has no other. What it minted ends even if it can't be disabled. */
async function endApiKey(service: Service, id: string): Promise<object> {
  try {
    return await service.call('admin.apiKeys.disable', { api_key_id: id, revoke_minted: true })
  } catch (error) {
    if (!(error instanceof RefusedCall)) throw error
    await service.call('admin.sessions.revoke', { api_key_id: id })
    throw new KeptKey(error)
  }
}

/** What the key minted has ended, but the key could not be disabled. */
export class KeptKey extends RefusedCall {
  constructor({ exchanged }: RefusedCall) {
    super(exchanged)
  }
}
