import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Operations, OutputOf } from '@hallpass/contracts'
import { rotateDataKeyOnHost } from '@hallpass/server'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { eventIssues, isSigned, type Received, startReceiver } from './support/servers/webhook-receiver.js'

type Webhook = OutputOf<Operations['admin.webhooks.create']>

const masterKey = randomBytes(32)
const widgetOrigin = 'https://widgets.example'
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let databaseUrl: string
let server: TestServer
const start = async () => {
  const config = { databaseUrl, masterKey, localIssuers: true, widgetOrigins: [widgetOrigin] }
  server = await startServer({ fixture: fixtureWithHost, config })
}
beforeAll(async () => {
  folder = await temporaryFolder()
  databaseUrl = `file:${join(folder.path, 'hallpass.db')}`
  receiver = await startReceiver()
  await start()
})
afterAll(async () => {
  await server.stop()
  await receiver.stop()
  await folder.remove()
})

const create = async (path: string, event_types: string[]) =>
  bodyOf<Webhook>(await administer(server).post('webhooks', { url: receiver.url + path, event_types }))
const shown = (received: readonly Received[]) => received.map(({ event: { type, data } }) => ({ type, data }))

test('a signing key is announced, and its revocation is reported with its successor', async () => {
  await create('/keys', ['signing_key.announced', 'signing_key.revoked'])
  const admin = administer(server)
  const { kid } = await bodyOf<{ kid: string }>(await admin.post('signing_keys/rotate', {}))
  const before = await bodyOf<{ data: { kid: string; state: string }[] }>(await admin.get('signing_keys'))
  const active = before.data.find(({ state }) => state === 'active')?.kid
  const after = await bodyOf<{ data: { kid: string }[] }>(await admin.post(`signing_keys/${active}/revoke`, {}))
  const successor = after.data.find((key) => !before.data.some((old) => old.kid === key.kid))?.kid
  const got = await receiver.waitFor(successor === undefined ? 2 : 3, '/keys')
  expect(shown(got)).toEqual(
    expect.arrayContaining([
      { type: 'signing_key.announced', data: { kid } },
      { type: 'signing_key.revoked', data: { kid: active } },
      ...(successor === undefined ? [] : [{ type: 'signing_key.announced', data: { kid: successor } }]),
    ]),
  )
  expect(got.flatMap(({ event }) => eventIssues(event))).toEqual([])
})

test('an embed ticket that begins a guest session is reported as spent, once', async () => {
  await create('/tickets', ['token.spent'])
  const { ticket: embed_ticket } = await bodyOf<{ ticket: string }>(
    await server.postFromShop(paths.embedTicket, { client_key: acme.clientKey }),
  )
  const guest = () => server.post(paths.guest, { client_key: acme.clientKey, embed_ticket }, { Origin: widgetOrigin })
  const statuses = await Promise.all([guest(), guest(), guest()])
  expect(statuses.map(({ status }) => status).toSorted()).toEqual([200, 403, 403])
  const got = await receiver.waitFor(1, '/tickets')
  expect(shown(got)).toEqual([
    { type: 'token.spent', data: { kind: 'embed-ticket', token_id: decodeJwt(embed_ticket).jti } },
  ])
})

test('many refusals for one reason are one event in 10 minutes', async () => {
  await create('/bursts', ['refusal.burst'])
  const refuse = () =>
    Promise.all(
      Array.from({ length: 100 }, () =>
        server.postAsAcme(paths.redeem, { widget_token: 'unknown', widget_type: 'REVEAL' }),
      ),
    )
  const statuses = new Set((await refuse()).map(({ status }) => status))
  expect([...statuses]).toEqual([404])
  const [burst] = await receiver.waitFor(1, '/bursts')
  expect(burst && shown([burst])).toEqual([
    { type: 'refusal.burst', data: { operation: 'tokens.redeem', reason: 'not_found' } },
  ])
  expect(burst && eventIssues(burst.event)).toEqual([])
  await refuse()
  server.clock.advance(600_000)
  await refuse()
  const both = await receiver.waitFor(2, '/bursts')
  expect(new Set(both.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
})

test('a secret still signs after the data key that sealed it was replaced and forgotten', async () => {
  const { id, secret } = await create('/sealed', ['token.spent'])
  await server.stop()
  await rotateDataKeyOnHost(
    { flags: { 'database-url': databaseUrl }, env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') } },
    { forgetOld: true },
  )
  await start()
  await administer(server).post(`webhooks/${id}/test`, {})
  const [received] = await receiver.waitFor(1, '/sealed')
  expect(received && isSigned(received, secret)).toBe(true)
})
