import { beforeAll, describe, expect, test } from 'vitest'
import { administer, type ShownKey } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const bridgeWith = async (key: string) =>
  (await server.post(paths.bridge, { customer_id: acme.customer }, bearer(key))).status
const rotate = (id: string) => admin.post(`api_keys/${id}/rotate`, {})
const listed = async (id: string) => (await admin.listAll<ShownKey>('api_keys')).find((key) => key.id === id)

describe('POST /v1/admin/api_keys/{api_key_id}/rotate for a key that was rotated', () => {
  test('422 for a second rotation, which would leave two keys; names the first as successor', async () => {
    const old = await admin.createKey(['bridge:write'])
    const fresh = await bodyOf<ShownKey>(await rotate(old.id))
    const second = await rotate(old.id)
    expect(second.status).toBe(422)
    expect(JSON.stringify(await second.json())).toContain(fresh.id)
    expect(await listed(old.id)).toMatchObject({ successor_id: fresh.id })
    expect((await rotate(fresh.id)).status).toBe(200)
    expect((await rotate(old.id)).status).toBe(422)
  })

  test('200 for a second rotation if the first successor was disabled', async () => {
    const old = await admin.createKey(['bridge:write'])
    const lost = await bodyOf<ShownKey>(await rotate(old.id))
    await admin.post(`api_keys/${lost.id}/disable`, {})
    const fresh = await bodyOf<ShownKey>(await rotate(old.id))
    expect(await listed(old.id)).toMatchObject({ successor_id: fresh.id })
    expect([await bridgeWith(lost.secret), await bridgeWith(fresh.secret)]).toEqual([401, 200])
  })
})

describe('a response with a secret, requested again with the same Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'show it again' }
  const operations = [
    ['admin.apiKeys.create', async () => ({ path: 'api_keys', body: { name: 'again', scopes: ['bridge:write'] } })],
    [
      'admin.apiKeys.rotate',
      async () => ({ path: `api_keys/${(await admin.createKey(['bridge:write'])).id}/rotate`, body: {} }),
    ],
  ] as const

  test.each(operations)(
    '%s shows it to the key that made it, and the history records that',
    async (operation, prepare) => {
      const { path, body } = await prepare()
      const ask = () => {
        // the history is ordered by time
        server.clock.advance(1000)
        return admin.post(path, body, hostKey, headers)
      }
      const [one, two] = [await ask(), await ask()]
      expect(two.headers.get('idempotent-replayed')).toBe('true')
      expect(await two.text()).toBe(await one.text())
      const [newest, first] = await admin.history(2)
      expect([newest?.operation, first?.operation]).toEqual([operation, operation])
      expect([newest, first].map((entry) => 'idempotent_replay' in (entry?.changes ?? {}))).toEqual([true, false])
      expect(newest?.target_id).toBe(first?.target_id)
    },
  )

  test.each(operations)('%s is refused to another key of the account, and has no effect', async (_, prepare) => {
    const { path, body } = await prepare()
    const key = { 'Idempotency-Key': 'for one key only' }
    const made = await bodyOf<ShownKey>(await admin.post(path, body, hostKey, key))
    const before = (await admin.listAll('api_keys')).length
    const response = await admin.post(path, body, acme.key, key)
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'IDEMPOTENCY_INVALID_REUSE' })
    expect(text).not.toContain(made.secret)
    expect((await admin.listAll('api_keys')).length).toBe(before)
  })
})

describe('POST /v1/admin/api_keys/{api_key_id}/disable for a key that was rotated', () => {
  const disable = async (id: string, body: object = {}) =>
    bodyOf<ShownKey & { disabled_successor_ids: string[]; active_successor_id: string | null }>(
      await admin.post(`api_keys/${id}/disable`, body),
    )
  const rotated = async () => {
    const old = await admin.createKey(['bridge:write'])
    return { old, fresh: await bodyOf<ShownKey>(await rotate(old.id)) }
  }

  test('a successor that was never used is disabled too', async () => {
    const { old, fresh } = await rotated()
    expect(await disable(old.id)).toMatchObject({ disabled_successor_ids: [fresh.id], active_successor_id: null })
    expect([await bridgeWith(old.secret), await bridgeWith(fresh.secret)]).toEqual([401, 401])
  })

  test('a successor in use keeps working and is named', async () => {
    const { old, fresh } = await rotated()
    expect(await bridgeWith(fresh.secret)).toBe(200)
    expect(await disable(old.id)).toMatchObject({ disabled_successor_ids: [], active_successor_id: fresh.id })
    expect([await bridgeWith(old.secret), await bridgeWith(fresh.secret)]).toEqual([401, 200])
  })

  test('include_successors disables every replacement, even if the key was already disabled', async () => {
    const { old, fresh } = await rotated()
    expect(await bridgeWith(fresh.secret)).toBe(200)
    const third = await bodyOf<ShownKey>(await rotate(fresh.id))
    await disable(old.id)
    const answer = await disable(old.id, { include_successors: true })
    expect(answer).toMatchObject({ disabled_successor_ids: [fresh.id, third.id], active_successor_id: null })
    for (const { secret } of [old, fresh, third]) expect(await bridgeWith(secret)).toBe(401)
  })
})
