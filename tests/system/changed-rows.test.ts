import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { examineHost, loadConfig, rotateDataKeyOnHost } from '@hallpass/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { newDatabase, writeDirectly } from './support/servers/new-database.js'
import { codeOf, guardedApiKey, openStore } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

interface Key {
  readonly id: string
  readonly secret: string
}

const clock = testClock()
const masterKey = randomBytes(32)
const host = () => ({
  flags: { 'database-url': databaseUrl },
  env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
})
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let databaseUrl: string
let server: TestServer
beforeAll(async () => {
  folder = await temporaryFolder()
  const shared = await newDatabase()
  databaseUrl = shared === ':memory:' ? `file:${join(folder.path, 'hallpass.db')}` : shared
  server = await startServer({ clock, config: { databaseUrl, masterKey, publicUrl: 'https://pass.example' } })
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

const write = (statement: string) => writeDirectly(databaseUrl, statement)
const createKey = async (scopes = ['bridge:write']) =>
  bodyOf<Key>(await server.postAsAcme('/v1/admin/api_keys', { name: 'some', scopes }))
const statusOf = async ({ secret }: Key) =>
  (await server.post(paths.bridge, { customer_id: acme.customer }, bearer(secret))).status
const disable = ({ id }: Key) => server.postAsAcme(`/v1/admin/api_keys/${id}/disable`, {})
const changedRows = async () => {
  for await (const { what, found } of examineHost(host())) if (what === 'keys') return found
  return undefined
}

describe('a secret key that was changed in the database', () => {
  let key: Key
  beforeEach(async () => {
    key = await createKey()
    expect(await statusOf(key)).toBe(200)
  })
  afterEach(() => write(`delete from api_keys where id = '${key.id}'`))

  test.each([
    ['more scopes', `scopes = '["*","host"]'`],
    ['another account', `account_id = (select id from accounts where id <> account_id limit 1)`],
    ['another expiry', 'expires_at = 9999999999999'],
    ['no code', 'mac = null'],
    ['the code of another key', `mac = (select mac from api_keys where name <> 'some' limit 1)`],
    ['the code of an unknown data key', `mac = '7' || mac`],
  ])('is refused like an unknown one until the change is undone: %s', async (_, change) => {
    const [before] = await write(`select * from api_keys where id = '${key.id}'`)
    await write(`update api_keys set ${change} where id = '${key.id}'`)
    await expect.poll(() => statusOf(key)).toBe(401)
    const { account_id, scopes, expires_at, mac } = before ?? {}
    await write(
      `update api_keys set account_id = '${account_id}', scopes = '${scopes}', expires_at = ${expires_at}, mac = '${mac}' where id = '${key.id}'`,
    )
    await expect.poll(() => statusOf(key)).toBe(200)
  })

  test('cannot be enabled again', async () => {
    await disable(key)
    await write(`update api_keys set disabled = 0 where id = '${key.id}'`)
    await expect.poll(() => statusOf(key)).toBe(401)
    expect(await statusOf(key)).toBe(401)
  })

  test('gets no new code by a change or a new data key, and doctor reports it', async () => {
    expect(await changedRows()).toMatch(/all unchanged/)
    await write(`update api_keys set scopes = '["*"]' where id = '${key.id}'`)
    await expect.poll(() => statusOf(key)).toBe(401)
    expect((await disable(key)).status).toBe(404)
    expect((await server.postAsAcme(`/v1/admin/api_keys/${key.id}/rotate`, {})).status).toBe(404)
    await rotateDataKeyOnHost(host(), { forgetOld: false })
    expect(await statusOf(key)).toBe(401)
    expect(await changedRows()).toContain(`api_keys ${key.id}`)
    expect((await server.postAsAcme(paths.bridge, { customer_id: acme.customer })).status).toBe(200)
  })

  test('is refused if the code of a forgotten data key was added too', async () => {
    const config = { ...loadConfig(host().flags, {}), masterKey }
    const opened = await openStore(config, clock, { exclusive: false })
    const copied = opened.keys.ring.active()
    await opened.close()
    await rotateDataKeyOnHost(host(), { forgetOld: true })
    expect(await statusOf(key)).toBe(200)
    const [row] = await write(`select * from api_keys where id = '${key.id}'`)
    // a row of api_keys has these columns
    const forged = { ...row, scopes: '["*"]' } as unknown as Parameters<typeof guardedApiKey>[0]
    const mac = codeOf(copied, guardedApiKey(forged).content)
    await write(`update api_keys set scopes = '["*"]', mac = '${mac}' where id = '${key.id}'`)
    await expect.poll(() => statusOf(key)).toBe(401)
  })
})

describe('a client key that was changed in the database', () => {
  const guest = (client_key: string, origin = 'https://own.example') =>
    server.post(paths.guest, { client_key }, { Origin: origin })
  const create = async () => {
    const agent = { id: 'agent_1', display_name: 'Ada' }
    const input = { name: 'some', agent, origin_allowlist: ['https://own.example'] }
    return bodyOf<{ id: string; client_key: string }>(await server.postAsAcme('/v1/admin/client_keys', input))
  }

  test.each([
    ['another origin', `origin_allowlist = '["https://attacker.example"]'`, 'https://attacker.example'],
    ['another mode', `auth_mode = 'user'`, 'https://own.example'],
    ['another binding', `bind = 'prefer'`, 'https://own.example'],
    ['another audience', `session_token = '{"audience":"urn:attacker","typ":"JWT"}'`, 'https://own.example'],
    ['another algorithm', `session_alg = 'RS256'`, 'https://own.example'],
    ['another issuer', `trusted_issuers = '[]'`, 'https://own.example'],
    ['no code', 'mac = null', 'https://own.example'],
  ])('is refused with the bytes of an unknown one: %s', async (_, change, origin) => {
    const { id, client_key } = await create()
    expect((await guest(client_key)).status).toBe(200)
    await write(`update client_keys set ${change} where id = '${id}'`)
    await expect.poll(async () => (await guest(client_key, origin)).status).toBe(403)
    const unknown = await (await guest('pk_test_unknown', origin)).text()
    expect(await (await guest(client_key, origin)).text()).toBe(unknown)
  })

  test('a change of its visible settings does not affect it', async () => {
    const { id, client_key } = await create()
    await write(`update client_keys set name = 'other' where id = '${id}'`)
    expect((await guest(client_key)).status).toBe(200)
  })
})

describe('every way to change a key', () => {
  test('leaves a row that is accepted', async () => {
    const key = await createKey()
    const next = await bodyOf<Key>(
      await server.postAsAcme(`/v1/admin/api_keys/${key.id}/rotate`, { overlap_seconds: 60 }),
    )
    expect([await statusOf(key), await statusOf(next)]).toEqual([200, 200])
    await disable(key)
    expect([await statusOf(key), await statusOf(next)]).toEqual([401, 200])
    await rotateDataKeyOnHost(host(), { forgetOld: false })
    expect(await statusOf(next)).toBe(200)
    expect(await statusOf(await createKey())).toBe(200)
  })

  test('even many at once on one client key', async () => {
    const agent = { id: 'agent_1', display_name: 'Ada' }
    const { id, client_key } = await bodyOf<{ id: string; client_key: string }>(
      await server.postAsAcme('/v1/admin/client_keys', {
        name: 'some',
        agent,
        origin_allowlist: ['https://own.example'],
      }),
    )
    const change = (at: number) =>
      server.trpc(
        'admin.clientKeys.update',
        {
          client_key_id: id,
          ...(at % 3 === 0 ? { origin_allowlist: ['https://own.example', `https://own${at}.example`] } : {}),
          ...(at % 3 === 1 ? { auth_mode: at % 2 ? 'both' : 'guest' } : {}),
          ...(at % 3 === 2 ? { name: `name ${at}` } : {}),
        },
        bearer(acme.key),
      )
    const responses = await Promise.all(Array.from({ length: 18 }, (_, at) => change(at)))
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200))
    expect((await server.post(paths.guest, { client_key }, { Origin: 'https://own.example' })).status).toBe(200)
  })
})
