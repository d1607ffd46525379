import { randomUUID } from 'node:crypto'
import { type Operation, operations } from '@hallpass/contracts'
import { beforeAll, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { parityFixture, parityKeys, validInputs } from './support/parity/parity-inputs.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: parityFixture })

const all = Object.values(operations) as readonly Operation[]
const administration = all.filter(({ id }) => id.startsWith('admin.') || id === 'tokens.identify')
const isReading = (operation: Operation) => operation.kind === 'query' || 'repeatable' in operation

const create = (key: string, scopes: readonly string[]) =>
  server.post('/v1/admin/api_keys', { name: 'reader', scopes }, bearer(key))

let reader = ''
beforeAll(async () => {
  reader = (await (await create(parityKeys.all, ['admin:read'])).json()).secret
})

async function send(operation: Operation): Promise<number> {
  const input = JSON.stringify(await validInputs[operation.id as keyof typeof operations]?.(server))
  const headers = { ...bearer(reader), 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() }
  const url = `${server.url}/trpc/${operation.id}`
  if (operation.kind === 'query') return (await fetch(`${url}?input=${encodeURIComponent(input)}`, { headers })).status
  return (await fetch(url, { method: 'POST', headers, body: input })).status
}

test('a key with admin:read can make every administrative read of its account, and no change', async () => {
  const statuses: [string, number][] = []
  for (const operation of administration) statuses.push([operation.id, await send(operation)])
  const expected = administration.map((operation) => {
    const isOfServer = operation.caller.by === 'secret_key' && operation.caller.scope === 'host'
    return [operation.id, isReading(operation) && !isOfServer ? 200 : 403]
  })
  expect(statuses).toEqual(expected)
})

test('a key with admin can create one with admin:read, and not the other way around', async () => {
  const { secret } = await (await create(parityKeys.all, ['admin'])).json()
  expect((await create(secret, ['admin:read'])).status).toBe(200)
  expect((await create(reader, ['admin:read'])).status).toBe(403)
})

test('GET /v1/admin/caller shows the key, its scopes and the acting account to any key', async () => {
  const caller = async (key: string, headers = {}) =>
    (await server.get('/v1/admin/caller', { ...bearer(key), ...headers })).json()
  expect(await caller(reader)).toMatchObject({
    api_key: { name: 'reader', scopes: ['admin:read'], hint: expect.stringMatching(/^sk_test_/), expires_at: null },
    account: { id: acme.account, environment: 'sandbox', parent_id: null },
  })
  expect(await caller(parityKeys.bridgeOnly)).toMatchObject({ api_key: { scopes: ['bridge:write'] } })
  const made = await server.post('/v1/admin/accounts', { name: 'Kids', tenant: randomUUID() }, bearer(parityKeys.all))
  const child = await made.json()
  expect((await caller(reader, { 'Straddle-Account-Id': child.id })).account).toEqual(child)
})
