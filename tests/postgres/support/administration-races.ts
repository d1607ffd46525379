import { randomBytes, randomUUID } from 'node:crypto'
import type { OperationId } from '@hallpass/contracts'
import { expect } from 'vitest'
import { acme } from '../../system/support/fixtures/fixture.js'
import { newId } from '../../system/support/servers/server-parts.js'
import { type Ask, bothSucceed, independent, oneSucceeds, type Race, resultOf } from './administration-calls.js'
import { kindRaces } from './kind-races.js'
import { webhookRaces } from './webhook-races.js'

interface Key {
  readonly id: string
  readonly secret: string
}

export const makeKey = (ask: Ask, scopes: readonly string[] = ['bridge:write']): Promise<Key> =>
  resultOf<Key>(ask(0, 'admin.apiKeys.create', { scopes, name: 'race' }))

const clientKey = { name: 'race', origin_allowlist: [acme.origin], agent: { id: 'agent_1', display_name: 'Ada' } }

type AdminWrite = Extract<OperationId, `admin.${string}`>

/** The outcome of two concurrent calls, for each administration operation that changes something. */
export const races: { readonly [Id in AdminWrite]?: Race } = {
  'admin.accounts.create': {
    async prepare() {
      const input = { tenant: randomUUID() }
      return { one: input, other: input, expectBoth: async (responses) => oneSucceeds(responses) }
    },
  },
  'admin.accounts.update': {
    async prepare(ask) {
      const { id: account_id } = await resultOf<{ id: string }>(
        ask(0, 'admin.accounts.create', { tenant: randomUUID(), name: 'before' }),
      )
      return {
        one: { account_id, name: 'after' },
        other: { account_id, disabled: true },
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf<object>(ask(0, 'admin.accounts.update', { account_id }))
          expect(kept).toMatchObject({ name: 'after', disabled: true })
        },
      }
    },
  },
  'admin.apiKeys.create': independent(() => ({ scopes: ['bridge:write'], name: 'race' })),
  'admin.apiKeys.rotate': {
    async prepare(ask) {
      const { id: api_key_id } = await makeKey(ask)
      return { one: { api_key_id }, other: { api_key_id }, expectBoth: async (responses) => oneSucceeds(responses) }
    },
  },
  'admin.apiKeys.disable': {
    async prepare(ask) {
      const { id: api_key_id } = await makeKey(ask)
      return { one: { api_key_id }, other: { api_key_id }, expectBoth: bothSucceed }
    },
  },
  'admin.clientKeys.create': independent(() => clientKey),
  'admin.clientKeys.update': {
    async prepare(ask) {
      const { id: client_key_id } = await resultOf<{ id: string }>(ask(0, 'admin.clientKeys.create', clientKey))
      const named = (branding: object) => ({ client_key_id, branding })
      return {
        one: named({ primary_color: '#010203' }),
        other: named({ accent_color: '#040506' }),
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf<object>(ask(0, 'admin.clientKeys.update', { client_key_id, locale: 'de' }))
          expect(kept).toMatchObject({ branding: { primary_color: '#010203', accent_color: '#040506' } })
        },
      }
    },
  },
  'admin.clientKeys.allowOrigin': {
    async prepare(ask) {
      const { id: client_key_id } = await resultOf<{ id: string }>(ask(0, 'admin.clientKeys.create', clientKey))
      const origins = ['https://one.example', 'https://other.example'] as const
      const [one, other] = origins.map((origin) => ({ client_key_id, origin })) as [object, object]
      return {
        one,
        other,
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf<{ origin_allowlist: string[] }>(
            ask(0, 'admin.clientKeys.update', { client_key_id }),
          )
          expect(kept.origin_allowlist.toSorted()).toEqual([...origins, acme.origin].toSorted())
        },
      }
    },
  },
  'admin.customers.upsert': {
    async prepare(ask) {
      const id = randomUUID()
      await resultOf(ask(0, 'admin.customers.upsert', { id, name: 'before' }))
      return {
        one: { id, name: 'after' },
        other: { id, status: 'rejected' },
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf(ask(0, 'admin.customers.upsert', { id }))
          expect(kept).toEqual({ id, name: 'after', status: 'rejected' })
        },
      }
    },
  },
  'admin.cards.upsert': {
    async prepare(ask) {
      const card = { id: randomUUID(), customer_id: acme.customer }
      await resultOf(ask(0, 'admin.cards.upsert', card))
      return {
        one: { ...card, status: 'SUSPENDED' },
        other: { ...card, last_four: '4242' },
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf(ask(0, 'admin.cards.upsert', card))
          expect(kept).toEqual({ ...card, status: 'SUSPENDED', last_four: '4242' })
        },
      }
    },
  },
  ...kindRaces,
  ...webhookRaces,
  'admin.sessions.revoke': {
    async prepare() {
      // a session that just began
      const input = { session_id: newId({ now: Date.now, random: randomBytes }) }
      return { one: input, other: input, expectBoth: bothSucceed }
    },
  },
  'admin.signingKeys.rotate': {
    async prepare() {
      return {
        one: {},
        other: {},
        async expectBoth(responses) {
          const kids = await Promise.all(responses.map(async (answer) => (await resultOf<{ kid: string }>(answer)).kid))
          expect(new Set(kids).size).toBe(1)
        },
      }
    },
  },
  'admin.signingKeys.revoke': {
    async prepare(ask) {
      const { kid } = await resultOf<{ kid: string }>(ask(0, 'admin.signingKeys.rotate', {}))
      return {
        one: { kid },
        other: { kid },
        async expectBoth([one, other]) {
          expect([one.status, other.status].toSorted()).toEqual([200, 404])
        },
      }
    },
  },
}
