import type { Target } from './find-targets.js'
import type { Kind } from './kinds.js'
import { RefusedCall, type Service } from './service.js'

/** Describes what ends with each kind of target. */
const ends: Readonly<Record<Exclude<Kind, 'token'>, string>> = {
  session: 'its session tokens and refresh tokens',
  visitor: 'every existing session of the visitor',
  user: 'every existing session and visitor token of the user',
  'client-key': 'every existing token and session of the client key; the key stays enabled',
  'api-key': 'the secret key and everything that it has minted',
  customer: "every existing bridge token of the customer and card token of the customer's cards",
  card: 'every existing widget token of the card',
  account: 'every existing token and session of the account; its keys stay enabled',
  kind: 'every existing token of the declared kind; the kind stays enabled',
  subject: 'every existing token of declared kinds with this subject',
  resource: 'every existing token of declared kinds for this resource',
}

/** Describes what ends with a token, by its kind. */
const tokenEnds: Readonly<Record<string, string>> = {
  'widget-session': 'its session, with all session tokens and refresh tokens',
  refresh: 'its session, with all session tokens and refresh tokens',
}

export function describeEnd({ kind, tokenKind = '', isGuess = false }: Target): string {
  if (isGuess) return `the session with this id, if it exists: ${ends.session}`
  return kind === 'token' ? (tokenEnds[tokenKind] ?? `this ${tokenKind} token`) : ends[kind]
}

/** Ends a target and returns the response of the service. For a token, `text` is the token itself. */
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
    case 'kind':
      return service.call('admin.sessions.revoke', { kind: id })
    case 'subject':
      return service.call('admin.sessions.revoke', { subject: id })
    case 'resource':
      return service.call('admin.sessions.revoke', { resource: id })
    case 'api-key':
      return endApiKey(service, id)
  }
}

/** Uses one call, because a key that disables itself can't make a second one. If it can't be disabled, what it minted ends anyway. */
async function endApiKey(service: Service, id: string): Promise<object> {
  try {
    return await service.call('admin.apiKeys.disable', { api_key_id: id, revoke_minted: true })
  } catch (error) {
    if (!(error instanceof RefusedCall)) throw error
    await service.call('admin.sessions.revoke', { api_key_id: id })
    throw new KeptKey(error)
  }
}

/** Everything that the key minted has ended, but the key could not be disabled. */
export class KeptKey extends RefusedCall {
  constructor({ exchanged }: RefusedCall) {
    super(exchanged)
  }
}
