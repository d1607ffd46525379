import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Account } from '../../store/queries/accounts.js'
import type { WebhookDelivery } from '../../store/queries/webhook-deliveries.js'
import type { Store } from '../../store/store.js'
import { readPage, toTime } from './pagination.js'
import { found } from './webhooks.js'

type List = Operations['admin.webhooks.deliveries']

interface Deps {
  readonly account: Account
  readonly store: Pick<Store, 'findWebhookEndpoint' | 'listWebhookDeliveries'>
}

export const listWebhookDeliveries = {
  async run({ account, store }: Deps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    const { webhook_id: endpointId, state } = input
    found(await store.findWebhookEndpoint(account.id, endpointId))
    const endpoint = { accountId: account.id, endpointId }
    return readPage(
      input,
      async ({ after, limit }) => {
        const rows = await store.listWebhookDeliveries(endpoint, { before: after || undefined, limit, state })
        return rows.map((row) => ({ ...row, id: row.event_id }))
      },
      (row) => show(row),
    )
  },
}

function show(row: WebhookDelivery): OutputOf<List>['data'][number] {
  const { event_id, type, state, attempts, last_status, last_result, payload } = row
  return {
    event_id,
    type,
    state,
    attempts,
    created_at: toTime(row.created_at),
    next_attempt_at: state === 'pending' ? toTime(row.next_attempt_at) : null,
    last_attempt_at: row.last_attempt_at === null ? null : toTime(row.last_attempt_at),
    last_status,
    last_result,
    payload,
  }
}
