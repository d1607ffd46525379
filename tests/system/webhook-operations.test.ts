import { type OperationId, type Operations, operations, type TokenKind, type WebhookEvent } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { bodyOf } from './support/fixtures/mint.js'
import { callerHeaders } from './support/parity/parity-cases.js'
import { parityFixture, parityKeys, validInputs } from './support/parity/parity-inputs.js'
import { rest } from './support/parity/parity-transports.js'
import { withServer } from './support/servers/with-server.js'

type MintingOrSpending = {
  [Id in OperationId]: Operations[Id] extends { mints: TokenKind } | { spends: TokenKind } ? Id : never
}[OperationId]

/**
 * What a successful call tells the account's webhook endpoints. A guest's session and a token that is only signed tell nothing. An
 * operation without an entry does not compile.
 */
const told: Readonly<Record<MintingOrSpending, readonly WebhookEvent[]>> = {
  'bridge.initialize': [],
  'visitor.guest': [],
  'visitor.userToken': [],
  'visitor.exchange': ['session.began', 'token.spent'],
  'visitor.tokenExchange': ['session.began'],
  'visitor.refresh': [],
  'visitor.embedTicket': [],
  'card.widgetToken': ['token.minted'],
  'tokens.redeem': ['token.spent'],
  'kinds.mint': ['token.minted'],
  'kinds.pageToken': ['token.minted'],
  'kinds.redeem': ['token.spent'],
}

const server = withServer({ fixture: parityFixture })
const admin = () => {
  const { get, post } = administer(server)
  return {
    get: (path: string) => get(path, parityKeys.all),
    post: (path: string, body: object) => post(path, body, parityKeys.all),
  }
}

async function inputOf(id: MintingOrSpending): Promise<Readonly<Record<string, unknown>>> {
  const input = await validInputs[id]?.(server)
  if (!input) throw new Error(`${id} has no input in the table of the parity test`)
  if (id !== 'kinds.mint' && id !== 'kinds.pageToken') return input
  // the usual kind is only signed
  const usual = { form: 'opaque', ttl_seconds: { default: 60, max: 600 }, actions: ['view'], uses: 1 }
  const kind = { ...usual, name: 'counted', minted_by: ['secret_key', 'client_key'] }
  expect((await server.trpc('admin.kinds.put', kind, callerHeaders(operations['admin.kinds.put']))).status).toBe(200)
  return { ...input, kind: kind.name }
}

test.each(Object.entries(told))('%s tells %j', async (name, types) => {
  // the keys of the table
  const id = name as MintingOrSpending
  const operation = operations[id]
  // before the endpoint exists, because it can mint
  const input = await inputOf(id)
  const settings = { url: 'https://hooks.example/', event_types: ['*'] }
  const webhook = await bodyOf<{ id: string }>(await admin().post('webhooks', settings))
  const { status } = await rest(server.url, operation, { input, headers: callerHeaders(operation) })
  expect(status).toBe(200)
  const { data } = await bodyOf<{ data: { type: string }[] }>(await admin().get(`webhooks/${webhook.id}/deliveries`))
  await admin().post(`webhooks/${webhook.id}/delete`, {})
  expect(data.map(({ type }) => type).toSorted()).toEqual(types)
})
