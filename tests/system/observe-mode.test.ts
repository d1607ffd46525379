import { createVerifier } from '@hallpass/client/verify'
import type { Operations, OutputOf, WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { pageKinds } from './support/fixtures/declared-kinds.js'
import { acme, live } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, introspect, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

type ClientKey = OutputOf<Operations['admin.clientKeys.update']>
type Trial = OutputOf<Operations['admin.clientKeys.try']>

const server = withServer({ fixture: fixtureWithHost })
const hour = 3_600_000
const agent = { id: 'agent_1', display_name: 'Ada' }
const [unlisted, other] = ['https://new.example', 'https://other.example']
let admin: ReturnType<typeof administer>
let key: ClientKey

beforeAll(() => {
  admin = administer(server)
})
const inHours = (hours: number) => new Date(server.clock.now() + hours * hour).toISOString()
const change = async (body: object) => bodyOf<ClientKey>(await admin.post(`client_keys/${key.id}`, body))
const allow = async (origin: string) =>
  bodyOf<ClientKey>(await admin.post(`client_keys/${key.id}/allow_origin`, { origin }))
const observed = async () => {
  const trial = await bodyOf<Trial>(await admin.post(`client_keys/${key.id}/try`, {}))
  return trial.unlisted_origins.map(({ origin }) => origin)
}
beforeEach(async () => {
  const settings = { name: 'new', origin_allowlist: [acme.origin], agent, observe_until: inHours(24) }
  key = await bodyOf<ClientKey>(await admin.post('client_keys', { ...settings, rate_limit: { guest_per_minute: 0 } }))
  server.clock.advance(20_000)
})

const from = (origin: string, path: string, body: object) => server.post(path, body, { Origin: origin })
const guestFrom = (origin: string) => from(origin, paths.guest, { client_key: key.client_key })
const guest = async (origin: string) => bodyOf<WidgetSession>(await guestFrom(origin))
const refresh = (refresh_token: string) => server.post(paths.refresh, { refresh_token })
const isActive = async (token: string) => (await introspect(server, token)).active
const verify = async (token: string) => {
  const options = { issuer: server.url, account: acme.account, now: server.clock.now }
  return createVerifier({ ...options, kind: 'widget-session' }).verify(token)
}

describe('observe mode', () => {
  test('marks sessions of origins that are not allowed, in the token, at refresh and introspection', async () => {
    const doubted = await guest(unlisted)
    expect(decodeJwt(doubted.token)).toMatchObject({ origin: unlisted, origin_unlisted: true })
    expect(await verify(doubted.token)).toMatchObject({ ok: true, claims: { origin_unlisted: true } })
    for (const token of [doubted.token, doubted.refresh_token]) {
      expect(await introspect(server, token)).toMatchObject({ active: true, origin_unlisted: true })
    }
    const next = await bodyOf<WidgetSession>(
      await from(unlisted, paths.refresh, { refresh_token: doubted.refresh_token }),
    )
    expect(decodeJwt(next.token)).toMatchObject({ origin_unlisted: true })
    expect(decodeJwt((await guest(acme.origin)).token)).not.toHaveProperty('origin_unlisted')
    expect(await observed()).toEqual([unlisted])
  })

  test('mints no declared kind for a page that is not allowed, with its session or without', async () => {
    const [kind] = pageKinds
    expect((await server.trpc('admin.kinds.put', kind, bearer(acme.key))).status).toBe(200)
    const mint = (origin: string, more: object = {}) =>
      from(origin, '/v1/tokens/page', { client_key: key.client_key, kind: kind.name, ...more })
    const { token: session_token } = await guest(unlisted)
    for (const more of [{}, { session_token }]) expect(await refusal(await mint(unlisted, more))).toBe('403 FORBIDDEN')
    await allow(unlisted)
    for (const more of [{}, { session_token }]) expect((await mint(unlisted, more)).status).toBe(200)
  })

  test('marks the sessions of users, and of guests that become users', async () => {
    const userToken = async () => {
      const body = { client_key: key.client_key, user_id: 'u' }
      return (await bodyOf<{ token: string }>(await server.postAsAcme(paths.userToken, body))).token
    }
    const { token: session_token } = await guest(unlisted)
    const promoted = await bodyOf<WidgetSession>(
      await from(unlisted, paths.exchange, { token: await userToken(), session_token }),
    )
    expect(decodeJwt(promoted.token)).toMatchObject({ origin_unlisted: true, auth_mode: 'user' })
    await change({ observe_until: null })
    expect((await refresh(promoted.refresh_token)).status).toBe(400)
    expect((await from(unlisted, paths.exchange, { token: await userToken() })).status).toBe(403)
  })

  test('ended by hand, it ends the sessions of origins that are still not allowed, and no other', async () => {
    const [doubted, settled, listed] = [await guest(unlisted), await guest(other), await guest(acme.origin)]
    await allow(other)
    expect(await change({ observe_until: null })).not.toHaveProperty('observe_until')
    expect(await isActive(doubted.token)).toBe(false)
    expect(await isActive(doubted.refresh_token)).toBe(false)
    expect(await verify(doubted.token)).toMatchObject({ ok: false, reason: 'revoked' })
    expect((await refresh(doubted.refresh_token)).status).toBe(400)
    for (const { token } of [settled, listed]) {
      expect(await isActive(token)).toBe(true)
      expect(await verify(token)).toMatchObject({ ok: true })
    }
    const next = await bodyOf<WidgetSession>(await from(other, paths.refresh, { refresh_token: settled.refresh_token }))
    expect(decodeJwt(next.token)).not.toHaveProperty('origin_unlisted')
    expect((await guestFrom(unlisted)).status).toBe(403)
    expect(await observed()).toEqual([])
  })

  test('allowing an origin and ending observe mode can be one call', async () => {
    const settled = await guest(other)
    await change({ observe_until: null, origin_allowlist: [acme.origin, other] })
    expect((await refresh(settled.refresh_token)).status).toBe(200)
  })

  test('an ended session stays ended, if its origin is allowed or observed later', async () => {
    const doubted = await guest(unlisted)
    await change({ observe_until: null })
    server.clock.advance(11_000)
    await change({ observe_until: inHours(1) })
    expect((await refresh(doubted.refresh_token)).status).toBe(400)
    await allow(unlisted)
    await change({ observe_until: null })
    expect(await isActive(doubted.token)).toBe(false)
    expect((await from(unlisted, paths.refresh, { refresh_token: doubted.refresh_token })).status).toBe(400)
    expect((await guest(unlisted)).token).toBeTruthy()
  })

  test('sessions that a late replica begins after the end have ended too', async () => {
    await guest(unlisted)
    await change({ observe_until: null })
    const feed = await (await server.get(`/.well-known/revocations/${acme.account}`)).text()
    const claims = JSON.parse(Buffer.from(feed.split('.')[1] ?? '', 'base64url').toString())
    const times = Object.values<number>(claims.cut_offs.client_key)
    expect(Math.max(...times) - server.clock.now()).toBeGreaterThanOrEqual(9_000)
  })

  test('when its time is over, it ends the sessions at once, and for offline verifiers soon', async () => {
    const doubted = await guest(unlisted)
    // a session token lives 15 minutes
    await change({ observe_until: new Date(server.clock.now() + 60_000).toISOString() })
    server.clock.advance(60_000)
    expect((await guestFrom(unlisted)).status).toBe(403)
    expect(await isActive(doubted.token)).toBe(false)
    expect((await refresh(doubted.refresh_token)).status).toBe(400)
    const isRefused = async () => {
      // the feed is cached for a while
      server.clock.advance(2_000)
      expect(await verify(doubted.token)).toMatchObject({ reason: 'revoked' })
    }
    await vi.waitFor(isRefused, { timeout: 40_000, interval: 500 })
    expect(await observed()).toEqual([])
    const [newest] = await admin.history(1)
    expect(newest).toMatchObject({
      operation: 'clientKeys.endObservation',
      target_id: key.id,
      changes: { ended_origins: [unlisted] },
      api_key_id: null,
    })
  })

  test('403 for the 51st origin, for plain http, for null, and for two origins', async () => {
    for (let index = 0; index < 50; index++) await guest(`https://n${index}.example`)
    expect((await guestFrom('https://n50.example')).status).toBe(403)
    expect((await guestFrom('https://n0.example')).status).toBe(200)
    expect((await guestFrom(acme.origin)).status).toBe(200)
    expect((await observed()).length).toBe(50)
    for (const origin of ['http://new.example', 'null', 'https://a.example, https://b.example', 'https://a.example/']) {
      expect([origin, (await guestFrom(origin)).status]).toEqual([origin, 403])
    }
  })

  test('a session of an allowed origin cannot be refreshed from one that is not', async () => {
    const listed = await guest(acme.origin)
    expect((await from(unlisted, paths.refresh, { refresh_token: listed.refresh_token })).status).toBe(403)
    const doubted = await guest(unlisted)
    expect((await from(other, paths.refresh, { refresh_token: doubted.refresh_token })).status).toBe(403)
  })

  test('422 for a time that is past or too far ahead: 7 days, 3 in production', async () => {
    for (const hours of [-1, 7 * 24 + 1]) {
      const response = await admin.post(`client_keys/${key.id}`, { observe_until: inHours(hours) })
      expect(await refusal(response)).toBe('422 VALIDATION_FAILED')
    }
    const inProduction = (hours: number) =>
      admin.post('client_keys', { name: 'live', agent, observe_until: inHours(hours) }, live.key)
    expect((await inProduction(73)).status).toBe(422)
    expect((await inProduction(71)).status).toBe(200)
  })

  test('allowing an origin adds it once, keeps the others, and needs an exact origin', async () => {
    expect((await allow(unlisted)).origin_allowlist).toEqual([acme.origin, unlisted])
    expect((await allow(unlisted)).origin_allowlist).toEqual([acme.origin, unlisted])
    for (const origin of ['*.shop.example', 'null', '']) {
      expect((await admin.post(`client_keys/${key.id}/allow_origin`, { origin })).status).toBe(422)
    }
    expect((await admin.post('client_keys/none/allow_origin', { origin: unlisted })).status).toBe(404)
  })
})
