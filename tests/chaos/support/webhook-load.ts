import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { acme } from '../../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../../system/support/fixtures/mint.js'
import type { Client, Heard } from './client.js'
import { keepDoing } from './client.js'
import { anyOf, type Fleet } from './fleet.js'

interface Session {
  readonly session_id: string
  readonly token: string
  readonly refresh_token: string
}

/** Everything of its subject that began up to a time has ended. */
export interface Cutoff {
  readonly scope: string
  readonly subject: string
  /** In milliseconds. */
  readonly notBefore: number
}

/** What the clients heard of decisions that have events. */
interface Answered {
  /** Sessions of users that began. */
  readonly began: string[]
  /** Sessions that ended by a logout, a revocation or a promotion. */
  readonly ended: string[]
  readonly apiKeysCreated: string[]
  readonly apiKeysDisabled: string[]
  readonly clientKeysCreated: string[]
  readonly clientKeysUpdated: string[]
  readonly cutoffs: Cutoff[]
  readonly kindTokens: string[]
  cardSpends: number
  kindSpends: number
  /** Refresh tokens that were used again after the grace period, and refused. */
  reuses: number
  calls: number
  /** Calls that got no response, or 503. */
  lost: number
}

/** The kind of tokens that the load mints. */
export const countedKind = {
  ...{ name: 'counted', form: 'opaque', uses: 3, ttl_seconds: { default: 3600, max: 3600 } },
  ...{ actions: ['view'], resource: 'none' },
} as const

/** Cutoffs end their sessions. They are many, because the events of one wait for each other. */
const endedUsers = Array.from({ length: 50 }, (_, index) => `user_${index}`)

/** Longer than a refresh token may be used again. */
const graceMilliseconds = 11_000

/** Mints, spends, refreshes, revokes and administers at random replicas until it is stopped. Never retries. */
export function startWebhookLoad(fleet: Fleet, client: Client, lanes: number) {
  const said: Answered = {
    ...{ began: [], ended: [], apiKeysCreated: [], apiKeysDisabled: [], kindTokens: [] },
    ...{ clientKeysCreated: [], clientKeysUpdated: [], cutoffs: [] },
    ...{ cardSpends: 0, kindSpends: 0, reuses: 0, calls: 0, lost: 0 },
  }
  /** Refresh tokens that have a successor, and since when. */
  const replaced: { readonly token: string; readonly at: number }[] = []
  const heardOf = (heard: Heard) => {
    said.calls++
    if (heard.status === 0 || heard.status === 503) said.lost++
    return heard.status === 200 ? JSON.parse(heard.text || '{}') : undefined
  }
  const anyUrl = () => anyOf(fleet.urls())
  const asAcme = async (path: string, body: object | URLSearchParams) =>
    heardOf(await client.asAcme(anyUrl() + path, body))
  const fromShop = async (path: string, body: object) =>
    heardOf(await client.send(anyUrl() + path, { body, headers: { Origin: acme.origin } }))

  const cards = async () => {
    const minted = await asAcme(cardPath(acme.activeCard, 'REVEAL'), {})
    if (!minted) return
    const body = { widget_token: minted.widget_token, widget_type: 'REVEAL' }
    const spends = await Promise.all([asAcme(paths.redeem, body), asAcme(paths.redeem, body)])
    said.cardSpends += spends.filter(Boolean).length
    const other = await asAcme(cardPath(acme.activeCard, 'GET_PIN'), {})
    if (other) await asAcme(paths.revoke, new URLSearchParams({ token: other.widget_token }))
  }

  const declared = async () => {
    const minted = await asAcme('/v1/tokens', { kind: countedKind.name, subject: 'user_42' })
    if (!minted) return
    said.kindTokens.push(minted.token_id)
    const use = () => asAcme('/v1/tokens/redeem', { kind: countedKind.name, token: minted.token })
    const spends = await Promise.all([use(), use(), use(), use()])
    said.kindSpends += spends.filter(Boolean).length
  }

  const begin = async (guest?: Session): Promise<Session | undefined> => {
    const minted = await asAcme(paths.userToken, {
      client_key: acme.clientKey,
      user_id: anyOf([...endedUsers, 'user_42']),
    })
    if (!minted) return undefined
    const proof = guest ? { session_token: guest.token } : {}
    const session = await fromShop(paths.exchange, { token: minted.token, ...proof })
    if (session) said.began.push(session.session_id)
    if (session && guest) said.ended.push(guest.session_id)
    return session
  }

  const sessions = async () => {
    const guest = await fromShop(paths.guest, { client_key: acme.clientKey })
    const session = await begin(Math.random() < 0.5 ? guest : undefined)
    if (!session) return
    const next = await fromShop(paths.refresh, { refresh_token: session.refresh_token })
    if (!next) return
    const way = Math.random()
    if (way < 0.3) {
      replaced.push({ token: session.refresh_token, at: Date.now() })
      return
    }
    const ending =
      way < 0.5
        ? await fromShop(paths.logout, { refresh_token: next.refresh_token })
        : way < 0.75
          ? await asAcme(paths.revoke, new URLSearchParams({ token: next.refresh_token }))
          : await asAcme('/v1/admin/sessions/revoke', { session_id: session.session_id })
    if (ending) said.ended.push(session.session_id)
  }

  const reuse = async () => {
    const [oldest] = replaced
    if (!oldest || Date.now() - oldest.at < graceMilliseconds) return
    replaced.shift()
    const heard = await client.send(anyUrl() + paths.refresh, {
      body: { refresh_token: oldest.token },
      headers: { Origin: acme.origin },
    })
    heardOf(heard)
    if (heard.status === 400) said.reuses++
  }

  const heardCutoff = ({ scope, subject, not_before }: Record<'scope' | 'subject' | 'not_before', string>) =>
    void said.cutoffs.push({ scope, subject, notBefore: Date.parse(not_before) })

  const end = async (what: object) => {
    const ended = await asAcme('/v1/admin/sessions/revoke', what)
    if (ended) heardCutoff(ended)
  }

  const administer = async () => {
    const key = await asAcme('/v1/admin/api_keys', { scopes: ['bridge:write'] })
    if (!key) return
    said.apiKeysCreated.push(key.id)
    if (Math.random() < 0.3) await asAcme(`/v1/admin/api_keys/${key.id}/rotate`, {})
    const revoke_minted = Math.random() < 0.5
    const disabled = await asAcme(`/v1/admin/api_keys/${key.id}/disable`, { revoke_minted })
    if (!disabled) return
    said.apiKeysDisabled.push(key.id)
    if (revoke_minted) heardCutoff({ scope: 'api_key', subject: key.id, not_before: disabled.not_before })
  }

  const clientKeys = async () => {
    const settings = { name: 'new', origin_allowlist: [acme.origin], agent: { id: 'agent_1', display_name: 'Ada' } }
    const key = await asAcme('/v1/admin/client_keys', settings)
    if (!key) return
    said.clientKeysCreated.push(key.id)
    const path = `/v1/admin/client_keys/${key.id}`
    const changes = [
      ['', { disabled: true }],
      ['/allow_origin', { origin: 'https://new.example' }],
      ['', { disabled: false }],
    ] as const
    for (const [more, body] of changes) if (await asAcme(path + more, body)) said.clientKeysUpdated.push(key.id)
    await end({ client_key_id: key.id })
  }

  const cutoffs = async () => {
    const [user_id, subject] = [anyOf(endedUsers), anyOf(endedUsers)]
    await end(anyOf<object>([{ user_id }, { user_id }, { subject }]))
    // rarely, so that sessions live long enough for a reuse
    if (Math.random() < 0.02) await end({ account: true, children: true })
    if (Math.random() < 0.1) await end({ card_id: acme.activeCard })
    // a status that ends tokens is a cutoff too
    await asAcme('/v1/admin/cards', { id: randomUUID(), customer_id: acme.customer, status: 'SUSPENDED' })
  }

  const turns = [cards, sessions, declared, sessions, reuse, administer, cutoffs, sessions, clientKeys]
  let turn = 0
  const load = keepDoing(lanes, async () => {
    await turns[turn++ % turns.length]?.()
    await delay(40)
  })
  return { said, stop: load.stop }
}
