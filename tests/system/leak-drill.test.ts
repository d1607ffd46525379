import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Fixture } from '@hallpass/contracts'
import { loadConfig } from '@hallpass/server'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { acme } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintBridgeToken, mintGuest, mintUserSession, refresh } from './support/fixtures/mint.js'
import { followDrill } from './support/servers/follow-drill.js'
import { startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'

import {
  type DerivedKeys,
  openKeyRing,
  openRefreshToken,
  openStore,
  sealRefreshToken,
  signToken,
} from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const issuer = 'https://pass.example'
const clock = testClock()
const leaked = randomBytes(32)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let databaseUrl: string
let server: TestServer
beforeAll(async () => {
  folder = await temporaryFolder()
  const shared = await newDatabase()
  databaseUrl = shared === ':memory:' ? `file:${join(folder.path, 'hallpass.db')}` : shared
  server = await start(leaked, {})
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

/** The fixture of the first start only: a later import would create lost keys again. */
const start = (masterKey: Buffer, more: { fixture?: Fixture } = { fixture: { accounts: [] } }) =>
  startServer({ clock, config: { databaseUrl, masterKey, publicUrl: issuer }, ...more })

/** All keys in the database, for anyone who also has the master key. */
async function stealKeys() {
  const config = { ...loadConfig({ 'database-url': databaseUrl }, {}), masterKey: leaked }
  const { store, keys, close } = await openStore(config, clock, { exclusive: false })
  const keyRing = await openKeyRing({ clock, store, dataKeys: keys.ring, alg: undefined })
  const signingKey = keyRing.signingKey()
  const sealing = keys.ring.active()
  await close()
  const copied: DerivedKeys = { ...keys, ring: { ...keys.ring, active: () => sealing, byId: () => sealing } }
  return { keys: copied, signingKey }
}

/** Runs the commands of a step. Returns the resulting environment. */
const follow = (step: string, env: Record<string, string>) =>
  followDrill('docs/leaks.md', step, { HALLPASS_DATABASE_URL: databaseUrl, ...env })

test('after database and master key leaked, the documented steps end forged tokens only', async () => {
  const honest = await mintGuest(server)
  const user = await mintUserSession(server)
  const { keys, signingKey } = await stealKeys()
  const stolen = await openRefreshToken(keys, user.refresh_token)
  if (!stolen) throw new Error('the copied keys do not open refresh tokens')
  const forgeRefresh = () => sealRefreshToken(keys, { ...stolen, sid: crypto.randomUUID(), user: { id: 'victim' } })
  const { account_id, visitor_id, client_key_id, agent_id } = stolen
  const forgeSession = () => {
    const claims = {
      sub: visitor_id,
      sid: crypto.randomUUID(),
      account_id,
      client_key_id,
      agent_id,
      auth_mode: 'user' as const,
    }
    return signToken(
      { clock, issuer: () => issuer, keyRing: { signingKey: () => signingKey } },
      'widget-session',
      claims,
    ).token
  }
  // before these steps, forged and genuine tokens are equally valid
  expect((await bodyOf<{ user: object }>(await refresh(server, forgeRefresh()))).user).toEqual({ id: 'victim' })
  expect(await introspect(server, forgeSession())).toMatchObject({ active: true })

  const changed = follow('change-master-key', { HALLPASS_MASTER_KEY: leaked.toString('base64url') })
  const { HALLPASS_MASTER_KEY: next = '' } = follow('use-master-key', changed)
  expect(next).not.toBe(leaked.toString('base64url'))
  await server.stop()
  server = await start(Buffer.from(next, 'base64url'))
  follow('rotate-data-key', { HALLPASS_MASTER_KEY: next })
  follow('revoke-signing-keys', { HALLPASS_MASTER_KEY: next })
  const kids = async () =>
    (await bodyOf<{ keys: { kid: string }[] }>(await server.get('/.well-known/jwks.json'))).keys.map(({ kid }) => kid)
  await expect.poll(kids).not.toContain(signingKey.kid)

  const refused = await refresh(server, forgeRefresh())
  expect([refused.status, await refused.text()]).toEqual([400, await (await refresh(server, 'hprt_nothing')).text()])
  expect(await introspect(server, forgeRefresh())).toEqual({ active: false })
  expect(await introspect(server, forgeSession())).toEqual({ active: false })
  await expect(stealKeys()).rejects.toThrow(/^The master key in /)

  // what the page promises for genuine keys and sessions
  expect((await refresh(server, honest.refresh_token)).status).toBe(400)
  const token = await mintBridgeToken(server)
  expect(decodeProtectedHeader(token).kid).not.toBe(signingKey.kid)
  expect(await introspect(server, token)).toMatchObject({ active: true, account_id: acme.account })
  const again = await mintUserSession(server)
  expect(again.visitor_id).toBe(user.visitor_id)
  const renewed = await bodyOf<{ refresh_token: string }>(await refresh(server, again.refresh_token))
  await server.stop()
  server = await start(Buffer.from(next, 'base64url'))
  expect((await refresh(server, renewed.refresh_token)).status).toBe(200)
  expect(await kids()).toContain(decodeProtectedHeader(token).kid)
}, 120_000)
