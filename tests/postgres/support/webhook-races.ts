import { expect } from 'vitest'
import { type Ask, bothSucceed, type CallResult, type Race, resultOf } from './administration-calls.js'

const url = 'https://hooks.example/hallpass'
const input = { url, event_types: ['token.revoked'] }

interface Named {
  readonly id: string
}

/** An account has at most 10 endpoints, so a round begins without those of the rounds before. */
async function withoutEndpoints(ask: Ask): Promise<void> {
  const { data } = await resultOf<{ data: Named[] }>(ask(0, 'admin.webhooks.list', {}))
  await Promise.all(data.map(({ id }) => resultOf(ask(0, 'admin.webhooks.delete', { webhook_id: id }))))
}

async function newEndpoint(ask: Ask): Promise<{ webhook_id: string }> {
  await withoutEndpoints(ask)
  const { id } = await resultOf<Named>(ask(0, 'admin.webhooks.create', input))
  return { webhook_id: id }
}

const onOneEndpoint = (expectBoth: (responses: readonly [CallResult, CallResult]) => Promise<void>): Race => ({
  async prepare(ask) {
    const named = await newEndpoint(ask)
    return { one: named, other: named, expectBoth }
  },
})

/** Two calls about a webhook endpoint at once. The rounds of an operation run one after the other. */
export const webhookRaces = {
  'admin.webhooks.create': {
    async prepare(ask) {
      await withoutEndpoints(ask)
      return {
        one: input,
        other: input,
        async expectBoth(responses) {
          await bothSucceed(responses)
          const { data } = await resultOf<{ data: Named[] }>(ask(0, 'admin.webhooks.list', {}))
          expect(data).toHaveLength(2)
        },
      }
    },
  },
  'admin.webhooks.update': {
    async prepare(ask) {
      const named = await newEndpoint(ask)
      return {
        one: { ...named, description: 'after' },
        other: { ...named, event_types: ['token.spent'] },
        async expectBoth(responses) {
          await bothSucceed(responses)
          const kept = await resultOf(ask(0, 'admin.webhooks.get', named))
          expect(kept).toMatchObject({ url, description: 'after', event_types: ['token.spent'] })
        },
      }
    },
  },
  'admin.webhooks.rotateSecret': onOneEndpoint(async (responses) => {
    const secrets = await Promise.all(
      responses.map(async (answer) => (await resultOf<{ secret: string }>(answer)).secret),
    )
    expect(new Set(secrets).size).toBe(2)
  }),
  'admin.webhooks.delete': onOneEndpoint(async ([one, other]) => {
    expect([one.status, other.status].toSorted()).toEqual([200, 404])
  }),
  'admin.webhooks.test': onOneEndpoint(bothSucceed),
  'admin.webhooks.replay': onOneEndpoint(bothSucceed),
} as const satisfies Record<string, Race>
