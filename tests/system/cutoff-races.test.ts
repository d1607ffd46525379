import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { paths } from './support/fixtures/mint.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import type { Store } from './support/servers/server-parts.js'
import { tickingClock } from './support/time/ticking-clock.js'

/*
 * A database can be slow. Here it pauses just before a decision is written, and a cutoff is set during the pause. What
 * the cutoff ends must not become active afterwards.
 */

let server: AssembledServer
let meanwhile: (() => Promise<unknown>) | undefined
/** What has begun meanwhile. A transaction in the background may have begun it too early, and the call doesn't wait for it. */
let running: Promise<unknown> | undefined
afterEach(() => server.stop())

/** A store that runs something else before it writes the named decision. */
const slow =
  (name: 'consumeOrRevokeToken' | 'rotateSession') =>
  (store: Store): Store => {
    const pause = async () => {
      const work = meanwhile
      meanwhile = undefined
      if (!work) return
      running = work()
      await running
    }
    return {
      ...store,
      consumeOrRevokeToken: async (...input) => {
        if (name === 'consumeOrRevokeToken') await pause()
        return store.consumeOrRevokeToken(...input)
      },
      rotateSession: async (...input) => {
        if (name === 'rotateSession') await pause()
        return store.rotateSession(...input)
      },
      // the pause is before the transaction, because inside one no other call gets the database
      transaction: async (run) => {
        if (name === 'consumeOrRevokeToken') await pause()
        return store.transaction(run)
      },
    }
  }

const fromShop = (path: string, body: object) => server.call(path, { headers: { origin: acme.origin }, body })
const asAcme = (path: string, body: object) => server.call(path, { headers: bearer(hostKey), body })
async function isActive(token: unknown): Promise<unknown> {
  const headers = { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ token: String(token) }).toString()
  return (await server.call(paths.introspect, { headers, body })).body.active
}

describe('a cutoff during an exchange', () => {
  const revocation = (target: object): [path: string, body: object] => ['sessions/revoke', target]
  test.each<[what: string, changeOf: (apiKeyId: unknown) => [path: string, body: object]]>([
    ['user', () => revocation({ user_id: 'user_42' })],
    ['account', () => revocation({ account: true })],
    ['account with children', () => revocation({ account: true, children: true })],
    ['secret key', (api_key_id) => revocation({ api_key_id })],
    ['disabled secret key', (id) => [`api_keys/${id}/disable`, { revoke_minted: true }]],
  ])('leaves no active session: %s', async (_, changeOf) => {
    server = await assembleServer({ clock: tickingClock(), wrap: slow('consumeOrRevokeToken') })
    const minter = { headers: bearer(acme.key), body: { client_key: acme.clientKey, user_id: 'user_42' } }
    const { body } = await server.call(paths.userToken, minter)
    const [path, change] = changeOf(decodeJwt(String(body.token)).api_key_id)
    meanwhile = async () => expect(await asAcme(`/v1/admin/${path}`, change)).toMatchObject({ status: 200 })
    const response = await fromShop(paths.exchange, { token: body.token })
    expect(meanwhile).toBeUndefined()
    await running
    if (response.status !== 200) return
    expect(await isActive(response.body.token)).toBe(false)
    expect(await isActive(response.body.refresh_token)).toBe(false)
    expect((await fromShop(paths.refresh, { refresh_token: response.body.refresh_token })).status).toBe(400)
  })

  test('revoking the guest session during its promotion refuses the exchange, and spends nothing', async () => {
    server = await assembleServer({ clock: tickingClock(), wrap: slow('consumeOrRevokeToken') })
    const { body } = await asAcme(paths.userToken, { client_key: acme.clientKey, user_id: 'user_42' })
    const guest = (await fromShop(paths.guest, { client_key: acme.clientKey })).body
    meanwhile = () => asAcme('/v1/admin/sessions/revoke', { session_id: guest.session_id })
    const response = await fromShop(paths.exchange, { token: body.token, session_token: guest.token })
    expect(response.status).toBe(400)
    // refused, so the visitor token is not spent
    expect((await fromShop(paths.exchange, { token: body.token })).status).toBe(200)
  })
})

describe('a cutoff during a refresh', () => {
  test.each(['visitor_id', 'account'])('leaves no active session: %s', async (target) => {
    server = await assembleServer({ clock: tickingClock(), wrap: slow('rotateSession') })
    const guest = (await fromShop(paths.guest, { client_key: acme.clientKey })).body
    meanwhile = () => asAcme('/v1/admin/sessions/revoke', { [target]: target === 'account' ? true : guest.visitor_id })
    const response = await fromShop(paths.refresh, { refresh_token: guest.refresh_token })
    expect(meanwhile).toBeUndefined()
    await running
    for (const token of [guest.token, response.body.token, response.body.refresh_token]) {
      expect(await isActive(token)).toBe(false)
    }
  })
})
