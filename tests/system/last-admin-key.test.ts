import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal, type ShownKey } from './support/fixtures/administer.js'
import { child } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const forChild = { 'Straddle-Account-Id': child.account }

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const disable = (id: string, body: object = {}) => admin.post(`api_keys/${id}/disable`, body, hostKey, forChild)
const createForChild = async (body: object) => bodyOf<ShownKey>(await admin.post('api_keys', body, hostKey, forChild))

describe('disabling the last key that can administer an account', () => {
  test('422 without force, over every transport; 200 with it, and the account has none left', async () => {
    const last = await createForChild({ scopes: ['admin'] })
    await createForChild({ scopes: ['*'], expires_in: 3600 })
    await createForChild({ scopes: ['bridge:write'] })
    const refused = await disable(last.id)
    expect(await refused.clone().json()).toMatchObject({ detail: expect.stringContaining('"force"') })
    expect(await refusal(refused)).toMatch(/^422 /)
    const headers = { ...bearer(hostKey), ...forChild }
    const rpc = await server.trpc('admin.apiKeys.disable', { api_key_id: last.id }, headers)
    expect(await rpc.json()).toMatchObject({ error: { data: { reason: 'state_conflict' } } })
    expect((await disable(last.id, { force: false })).status).toBe(422)
    expect((await admin.get('customers', last.secret)).status).toBe(200)
    expect(await bodyOf(await disable(last.id, { force: true }))).toMatchObject({ disabled: true })
    expect((await admin.get('customers', last.secret)).status).toBe(401)
  })

  test('422 for a rotated key whose unused successor would end too; 200 once that is in use', async () => {
    const last = await createForChild({ scopes: ['admin'] })
    const rotated = await admin.post(`api_keys/${last.id}/rotate`, { overlap_seconds: 0 }, hostKey, forChild)
    const fresh = await bodyOf<ShownKey>(rotated)
    expect((await disable(last.id)).status).toBe(422)
    expect((await admin.get('customers', fresh.secret)).status).toBe(200)
    expect((await disable(last.id)).status).toBe(200)
    expect(await refusal(await disable(fresh.id))).toMatch(/^422 /)
  })

  test('of two admin keys that are disabled at once, one stays', async () => {
    for (let round = 0; round < 5; round++) {
      const pair = [await createForChild({ scopes: ['admin'] }), await createForChild({ scopes: ['admin'] })]
      const ids = pair.map(({ id }) => id)
      const { data } = await bodyOf<{ data: ShownKey[] }>(await admin.get('api_keys?limit=100', hostKey, forChild))
      // keys of earlier rounds would still be there
      for (const { id } of data.filter((key) => !key.disabled && !ids.includes(key.id))) await disable(id)
      const responses = await Promise.all(ids.map((id) => disable(id)))
      expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 422])
    }
  })
})
