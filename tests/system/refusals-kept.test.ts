import type { Refusal } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, mintCardToken, mintUserToken, paths } from './support/fixtures/mint.js'
import { askRefusals, requestIdOf } from './support/fixtures/refusals.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer, startServer, testClock } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })

const hour = 3_600_000

const guest = (more: object, headers: HeadersInit = {}) =>
  server.post(paths.guest, { client_key: acme.clientKey, ...more }, headers)

describe('GET /v1/admin/refusals', () => {
  test('403 without the scope', async () => {
    expect((await server.get('/v1/admin/refusals', bearer(acme.keyWithoutScopes))).status).toBe(403)
  })

  test('lists the newest first, page by page, only of the account in scope', async () => {
    const other = await startServer({ fixture: fixtureWithHost })
    await other.post(paths.bridge, {}, bearer(rival.key))
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      other.clock.advance(1)
      ids.unshift(requestIdOf(await other.postAsAcme(paths.bridge, {})))
    }
    const listed: string[] = []
    let query = '?limit=2'
    do {
      const page = await bodyOf<{ data: Refusal[]; next_cursor?: string }>(
        await other.get(`/v1/admin/refusals${query}`, bearer(hostKey)),
      )
      listed.push(...page.data.map(({ request_id }) => request_id))
      query = page.next_cursor ? `?limit=2&cursor=${page.next_cursor}` : ''
    } while (query !== '')
    expect(listed).toEqual(ids)
    await other.stop()
  })
})

describe('the refusal log', () => {
  test('is deleted after 24 hours', async () => {
    const clock = testClock()
    const other = await startServer({ clock })
    const requestId = requestIdOf(await other.postAsAcme(paths.bridge, {}))
    clock.advance(24 * hour - 1)
    expect(await askRefusals(other, requestId)).toHaveLength(1)
    clock.advance(1)
    expect(await askRefusals(other, requestId)).toEqual([])
    await other.stop()
  })

  test('contains no token, key or secret, wherever it was in the request', async () => {
    const secrets = [acme.key, 'hunter2', await mintUserToken(server), await mintCardToken(server)]
    const ids: string[] = []
    for (const secret of secrets) {
      const calls = await Promise.all([
        server.postAsAcme(paths.bridge, { customer_id: secret, external_id: [secret], [secret]: secret }),
        server.postAsAcme(paths.bridge, { config: { processing_method: secret } }),
        server.get(`/v1/cards/${encodeURIComponent(secret)}/widget_token?widget_type=${secret}`, bearer(acme.key)),
        guest({ agent_id: secret, locale: secret, metadata: secret }, { Origin: acme.origin }),
        guest({}, { Origin: `https://${secret.slice(0, 20).replaceAll('_', '-')}.example/${secret}` }),
        server.postAsAcme(paths.userToken, { client_key: secret, user_id: 'u', email: secret }),
        server.postFromShop(paths.exchange, { token: acme.key, session_token: secret }),
        server.postAsAcme(paths.redeem, { widget_token: secret, widget_type: secret }),
        server.post(paths.bridge, {}, { Authorization: `Basic ${secret}`, 'Request-Id': secret.slice(0, 200) }),
      ])
      ids.push(...calls.map(requestIdOf))
    }
    const shown = JSON.stringify(await Promise.all(ids.map((id) => askRefusals(server, id))))
    expect(shown).toContain('a text of ')
    for (const secret of secrets) expect(shown).not.toContain(secret)
  })

  test('samples a flood of similar refusals, and still has room for others', async () => {
    const other = await startServer({ fixture: fixtureWithHost })
    const flood = Array.from({ length: 300 }, () => other.postAsAcme(paths.bridge, {}))
    for (const response of await Promise.all(flood)) expect(response.status).toBe(422)
    other.clock.advance(1)
    const rare = await other.post(paths.bridge, {}, bearer(acme.keyWithoutScopes))
    const { data } = await bodyOf<{ data: Refusal[] }>(await other.get('/v1/admin/refusals?limit=100', bearer(hostKey)))
    expect(data).toHaveLength(21)
    expect(data[0]?.request_id).toBe(requestIdOf(rare))
    await other.stop()
  })

  test('loses an entry that cannot be written, but no request', async () => {
    let isFull = false
    const broken = await assembleServer({
      wrap: (store) => ({
        ...store,
        transaction: (work) =>
          isFull ? Promise.reject(new Error('SQLITE_FULL: disk is full')) : store.transaction(work),
      }),
    })
    isFull = true
    const refused = await broken.call(paths.bridge, { headers: bearer(hostKey), body: {} })
    expect(refused.status).toBe(422)
    const asked = await broken.call('/v1/admin/refusals/any', { method: 'GET', headers: bearer(hostKey) })
    expect(asked).toMatchObject({ status: 200, body: { data: [] } })
    await broken.stop()
  })
})
