import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Account } from '../../store/queries/accounts.js'
import type { WebhookEndpoint } from '../../store/queries/webhook-endpoints.js'
import { replayWebhook } from './webhooks.js'

/** Replays in an account whose endpoint has so many events. */
function replay(count: number, input: { readonly since?: string; readonly cursor?: string }) {
  const store = {
    lockWebhookEndpoint: async () => ({ id: 'whe_1' }) as WebhookEndpoint,
    replayWebhookDeliveries: async (_: object, choice: object) =>
      Array.from(
        { length: Math.min(count, 'limit' in choice ? Number(choice.limit) : 1) },
        (_, index) => `evt_${index}`,
      ),
  }
  const clock = { now: () => 0, random: randomBytes }
  return replayWebhook.run({ account: { id: 'a' } as Account, clock, store }, { webhook_id: 'whe_1', ...input })
}

const since = '2026-11-30T08:00:00.000Z'

test('a replay since a time returns a cursor if there may be more than 1,000 events', async () => {
  expect(await replay(1_001, { since })).toEqual({ replayed: 1_000, next_cursor: 'evt_999' })
  expect(await replay(999, { since })).toEqual({ replayed: 999 })
  expect(await replay(999, { since, cursor: 'evt_1' })).toEqual({ replayed: 999 })
})

test('a replay of dead events returns no cursor: the next one finds the rest', async () => {
  expect(await replay(1_001, {})).toEqual({ replayed: 1_000 })
})
