import type { Form, Kind } from './recognize.js'
import { matchesHint } from './recognize.js'
import { findInList, orNone, type Service } from './service.js'

/** A thing that can be ended. */
export interface Target {
  readonly kind: Kind
  /** Its id; undefined for a token, which is never printed. */
  readonly id?: string
  /** For a token: whether it was active, and what it is. */
  readonly active?: boolean
  readonly tokenKind?: string
}

/** Everything that a text can stand for. Nothing is changed. */
export async function findTargets(service: Service, text: string, form: Form): Promise<readonly Target[]> {
  if (form.is === 'token') return [await findToken(service, text, form.kind)]
  if (form.is === 'public-name') return findClientKeys(service, text)
  if (form.is === 'secret-key') return findSecretKeys(service, text)
  if (form.is === 'name') return [...(await findClientKeys(service, text)), ...(await findApiKeys(service, text))]
  // before any id is sent: a card token is a secret
  const token = await findToken(service, text, 'card')
  if (token.active) return [token]
  const id = text.toLowerCase()
  const stored = [
    ...(await findClientKeys(service, text)),
    ...(await findApiKeys(service, text)),
    ...(await findAccounts(service, id)),
    ...((await orNone(service.call('admin.customers.get', { customer_id: id })))
      ? [{ kind: 'customer', id } as const]
      : []),
    ...((await orNone(service.call('admin.cards.get', { card_id: id }))) ? [{ kind: 'card', id } as const] : []),
  ]
  return stored.length > 0 ? stored : unstored(id, form.version)
}

/** Sessions and visitors have no rows: the version of an id says which of them it can name. */
function unstored(id: string, version: string): readonly Target[] {
  if (version === '7') return [{ kind: 'session', id }]
  return version === '4' || version === '8' ? [{ kind: 'visitor', id }] : []
}

export async function findToken(service: Service, token: string, kind: string): Promise<Target> {
  const { active, ...claims } = await service.call('tokens.introspect', { token })
  const tokenKind = 'token_type' in claims && typeof claims.token_type === 'string' ? claims.token_type : kind
  return { kind: 'token', active, tokenKind }
}

/** By its id or its public name. */
export async function findClientKeys(service: Service, text: string): Promise<readonly Target[]> {
  const list = (page: object) => service.call('admin.clientKeys.list', page)
  const found = await findInList(list, (key) => key.id === text || key.client_key === text)
  return found.map(({ id }) => ({ kind: 'client-key', id }))
}

/** By what a list shows of a secret. */
export async function findSecretKeys(service: Service, secret: string): Promise<readonly Target[]> {
  const list = (page: object) => service.call('admin.apiKeys.list', page)
  const found = await findInList(list, ({ hint }) => matchesHint(secret, hint))
  return found.map(({ id }) => ({ kind: 'api-key', id }))
}

async function findApiKeys(service: Service, text: string): Promise<readonly Target[]> {
  const list = (page: object) => service.call('admin.apiKeys.list', page)
  const found = await findInList(list, ({ id }) => id === text)
  return found.map(({ id }) => ({ kind: 'api-key', id }))
}

async function findAccounts(service: Service, text: string): Promise<readonly Target[]> {
  const list = (page: object) => service.call('admin.accounts.list', page)
  const found = await findInList(list, ({ id }) => id === text)
  return found.map(({ id }) => ({ kind: 'account', id }))
}
