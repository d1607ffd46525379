import { jwtKinds, opaqueLifetimes, timeOfId } from '@hallpass/contracts'
import type { Kind } from './kinds.js'
import type { Form } from './recognize.js'
import type { Service } from './service.js'

/** A thing that can be ended. */
export interface Target {
  readonly kind: Kind
  /** Undefined for a token, because tokens are never printed. */
  readonly id?: string
  /** For a token: whether it was active, and what it is. */
  readonly active?: boolean
  readonly tokenKind?: string
  /** Whether it is the secret key of this call. */
  readonly isCaller?: boolean
  /** The service can't look it up, but its id has the format and the age of a session id. */
  readonly isGuess?: boolean
}

/**
 * Finds everything that a text can refer to, without changing anything. A text that isn't known to be public can be a
 * secret, such as a card token of a child account, so it is only sent in a body.
 */
export async function findTargets(service: Service, text: string, form: Form): Promise<readonly Target[]> {
  if (form.is === 'token') return [await findToken(service, text, form.kind)]
  if (form.is === 'public-name' || form.is === 'secret-key') return findNamed(service, text)
  const token = await findToken(service, text, 'card')
  if (token.active) return [token]
  const named = await findNamed(service, text)
  if (named.length > 0 || form.is !== 'uuid') return named
  return isIdOfSession(text, form.version) ? [{ kind: 'session', id: text.toLowerCase(), isGuess: true }] : []
}

export async function findToken(service: Service, token: string, kind: string): Promise<Target> {
  const { active, ...claims } = await service.call('tokens.introspect', { token })
  if (!('token_type' in claims)) return { kind: 'token', active, tokenKind: kind }
  // a declared kind has a name of its own
  const { token_type, kind: declared } = claims
  return { kind: 'token', active, tokenKind: typeof declared === 'string' ? declared : token_type }
}

/** Finds what has this id, public name or secret. */
export async function findNamed(service: Service, text: string): Promise<readonly Target[]> {
  const { data } = await service.call('tokens.identify', { id_or_secret: text })
  return data.map(({ kind, id, is_caller = false }) => ({ kind: kindNames[kind], id, isCaller: is_caller }))
}

const kindNames = {
  client_key: 'client-key',
  api_key: 'api-key',
  customer: 'customer',
  card: 'card',
  account: 'account',
  kind: 'kind',
} as const satisfies Record<string, Kind>

const sessionMilliseconds = (opaqueLifetimes.refreshAbsolute + jwtKinds['widget-session'].ttlSeconds) * 1000

/**
 * A new session isn't stored yet, but its id contains its start time. Visitor ids are random, like card tokens, so they
 * can't be recognized.
 */
const isIdOfSession = (id: string, version: string) =>
  version === '7' && Date.now() - timeOfId(id) < sessionMilliseconds
