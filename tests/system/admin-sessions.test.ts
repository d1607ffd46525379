import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import {
  bodyOf,
  introspect,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { expectActive, expectEnded, mintOneOfEach } from './support/fixtures/sessions.js'
import { bearer } from './support/servers/in-process-server.js'
import { newId } from './support/servers/server-parts.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})
// the cutoff also ends what begins in its own millisecond
beforeEach(() => server.clock.advance(1))

const end = async (target: object, key: string = hostKey, more: Record<string, string> = {}) => {
  const answer = await bodyOf(await admin.post('sessions/revoke', target, key, more))
  const now = new Date(server.clock.now()).toISOString()
  const [[name = '', id] = []] = Object.entries(target)
  const subject = id === true ? expect.any(String) : id
  const expected = name === 'session_id' ? { already_ended: expect.any(Boolean) } : { not_before: now }
  expect(answer).toEqual({ revoked_at: now, scope: name.replace(/_id$/, ''), subject, ...expected })
}
/** The id of a session that begins now. */
const sessionIdAt = (milliseconds: number) => newId({ now: () => milliseconds, random: server.clock.random })
const day = 86_400_000
const exchange = (body: object) => server.postFromShop(paths.exchange, body)
const redeem = (widget_token: string) => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
const isActive = async (token: string) => (await introspect(server, token)).active
const areActive = (tokens: readonly string[]) => Promise.all(tokens.map(isActive))
const sessionEnded = (session: WidgetSession) => expectEnded(server, session)
const sessionLives = (session: WidgetSession) => expectActive(server, session)
const mintAll = () => mintOneOfEach(server)

describe('POST /v1/admin/sessions/revoke', () => {
  test('by session_id: that session ends at once, even if rotated; all others continue', async () => {
    const all = await mintAll()
    const rotated = await bodyOf<WidgetSession>(await refresh(server, all.user.refresh_token))
    for (const { session_id } of [all.guest, all.user]) await end({ session_id })
    await sessionEnded(all.guest)
    await sessionEnded(rotated)
    expect(await isActive(all.user.token)).toBe(false)
    for (const session of [all.otherUser, all.otherKey]) await sessionLives(session)
    expect(await areActive([all.visitor, all.bridge, all.card])).toEqual([true, true, true])
  })

  test('by visitor_id: their sessions and visitor tokens end, even after a promotion', async () => {
    const all = await mintAll()
    const token = await mintUserToken(server, { user_id: 'promoted' })
    const promoted = await bodyOf<WidgetSession>(await exchange({ token, session_token: all.guest.token }))
    const { visitor_id } = promoted
    expect(visitor_id).toBe(all.guest.visitor_id)
    await end({ visitor_id })
    await sessionEnded(promoted)
    await sessionLives(all.user)
    await end({ visitor_id: all.user.visitor_id })
    expect(await isActive(all.visitor)).toBe(false)
    expect((await exchange({ token: all.visitor })).status).toBe(400)
    expect((await exchange({ token: all.otherVisitor })).status).toBe(200)
  })

  test('by user_id: all sessions and visitor tokens of the user end; other visitors are unaffected', async () => {
    const all = await mintAll()
    const [guest, token] = [await mintGuest(server), await mintUserToken(server)]
    const promoted = await bodyOf<WidgetSession>(await exchange({ token, session_token: guest.token }))
    await end({ user_id: 'user_42' })
    await sessionEnded(all.user)
    await sessionEnded(promoted)
    expect((await exchange({ token: all.visitor })).status).toBe(400)
    expect(await isActive(all.visitor)).toBe(false)
    for (const session of [all.guest, all.otherUser, all.otherKey]) await sessionLives(session)
    expect((await exchange({ token: all.otherVisitor })).status).toBe(200)
    expect(await areActive([all.bridge, all.card])).toEqual([true, true])
  })

  test('by client_key_id: everything obtained with that key ends; other keys are unaffected', async () => {
    const all = await mintAll()
    await end({ client_key_id: decodeJwt(all.guest.token).client_key_id })
    for (const session of [all.guest, all.user, all.otherUser]) await sessionEnded(session)
    for (const token of [all.visitor, all.otherVisitor]) expect((await exchange({ token })).status).toBe(400)
    await sessionLives(all.otherKey)
    expect(await areActive([all.bridge, all.card])).toEqual([true, true])
  })

  test('by account: everything ends, including bridge and card tokens; later tokens are valid', async () => {
    const all = await mintAll()
    await end({ account: true })
    for (const session of [all.guest, all.user, all.otherUser, all.otherKey]) await sessionEnded(session)
    for (const token of [all.visitor, all.otherVisitor]) expect((await exchange({ token })).status).toBe(400)
    expect(await areActive([all.bridge, all.card])).toEqual([false, false])
    expect(await refusal(await redeem(all.card))).toBe('422 TOKEN_REVOKED')
    server.clock.advance(1)
    const later = await mintAll()
    for (const session of [later.guest, later.user, later.otherUser, later.otherKey]) await sessionLives(session)
    expect((await exchange({ token: later.visitor })).status).toBe(200)
    expect((await redeem(later.card)).status).toBe(200)
    expect(await isActive(later.bridge)).toBe(true)
  })

  test('a guest session that was ended cannot be promoted, and the visitor token is not spent', async () => {
    const [guest, token] = [await mintGuest(server), await mintUserToken(server)]
    await end({ visitor_id: guest.visitor_id })
    expect((await exchange({ token, session_token: guest.token })).status).toBe(400)
    expect((await exchange({ token })).status).toBe(200)
  })

  test('it stays ended for as long as its tokens could be valid, even after sweeps', async () => {
    const { guest, user } = await mintAll()
    await end({ user_id: 'user_42' })
    await end({ session_id: guest.session_id })
    for (const wait of [1000, 60_000, 840_000, 80_000_000]) {
      server.clock.advance(wait)
      for (const session of [user, guest]) await sessionEnded(session)
    }
  })

  test('neither an earlier nor a later cutoff weakens the other', async () => {
    const first = await mintUserSession(server)
    await end({ user_id: 'user_42' })
    server.clock.advance(1000)
    const second = await mintUserSession(server)
    await end({ account: true })
    await sessionEnded(first)
    await sessionEnded(second)
  })

  test('200 for a user and a session that could exist, with what was ended', async () => {
    await end({ user_id: 'unknown' })
    const guest = await mintGuest(server)
    const ended = async (session_id: string) => bodyOf<object>(await admin.post('sessions/revoke', { session_id }))
    expect(await ended(guest.session_id)).toMatchObject({ scope: 'session', already_ended: false })
    expect(await ended(guest.session_id)).toMatchObject({ subject: guest.session_id, already_ended: true })
    await sessionEnded(guest)
    const account = await bodyOf<object>(await admin.post('sessions/revoke', { account: true }))
    expect(account).toMatchObject({ scope: 'account', subject: acme.account })
  })

  test('an id in upper case names the same session or visitor', async () => {
    for (const name of ['session_id', 'visitor_id'] as const) {
      const guest = await mintGuest(server)
      const answer = await admin.post('sessions/revoke', { [name]: guest[name].toUpperCase() })
      expect(await bodyOf(answer)).toMatchObject({ subject: guest[name] })
      await sessionEnded(guest)
      server.clock.advance(1)
    }
  })

  type Target = (session: WidgetSession, clientKeyId: string) => object
  test.each<[what: string, target: Target, code: string, hint: RegExp]>([
    ['a session id with a space', ({ session_id }) => ({ session_id: `${session_id} ` }), '422', /UUID/],
    ['a visitor id as session id', ({ visitor_id }) => ({ session_id: visitor_id }), '422', /visitor_id/],
    ['a session id as visitor id', ({ session_id }) => ({ visitor_id: session_id }), '422', /session_id/],
    ['a refresh token as session id', ({ refresh_token }) => ({ session_id: refresh_token }), '422', /UUID/],
    ['a client key id as session id', (_, id) => ({ session_id: id }), '422', /client_key_id/],
    ['a public name as client key id', () => ({ client_key_id: acme.clientKey }), '422', /public name/],
    ['an unknown client key id', () => ({ client_key_id: 'unknown' }), '404', /no such client key/],
    ['a client key id in upper case', (_, id) => ({ client_key_id: id.toUpperCase() }), '404', /no such client key/],
    ['a session id of last week', () => ({ session_id: sessionIdAt(server.clock.now() - 8 * day) }), '404', /7 days/],
    ['a session id of tomorrow', () => ({ session_id: sessionIdAt(server.clock.now() + day) }), '404', /in the future/],
  ])('422 for a revocation that names nothing, and nothing ends: %s', async (_, target, code, hint) => {
    const session = await mintUserSession(server)
    const { client_key_id } = decodeJwt(session.token)
    const keyed: Record<string, string> = { 'Idempotency-Key': `names-nothing-${hint.source}` }
    for (const more of [{}, keyed]) {
      const response = await admin.post('sessions/revoke', target(session, String(client_key_id)), hostKey, more)
      const { status, detail } = (await response.json()) as { status: number; detail: string }
      expect([String(status), detail]).toEqual([code, expect.stringMatching(hint)])
    }
    await sessionLives(session)
  })

  test("another account's sessions cannot be ended by any id", async () => {
    const session = await mintUserSession(server)
    const { session_id, visitor_id } = session
    const { client_key_id } = decodeJwt(session.token)
    for (const target of [{ session_id }, { visitor_id }, { user_id: 'user_42' }, { account: true }]) {
      await end(target, rival.key)
    }
    // a client key of another account gets the same response as an unknown one
    const answerTo = async (id: unknown) =>
      (await admin.post('sessions/revoke', { client_key_id: id }, rival.key)).json()
    expect(await answerTo(client_key_id)).toMatchObject({ status: 404 })
    expect(await answerTo(client_key_id)).toEqual(await answerTo('unknown'))
    await sessionLives(session)
  })

  test("for a child account: its sessions end, and the parent's continue", async () => {
    const kid = await mintGuest(server, child.clientKey)
    const own = await mintGuest(server)
    await end({ account: true }, hostKey, { 'Straddle-Account-Id': child.account })
    expect((await refresh(server, kid.refresh_token)).status).toBe(400)
    await sessionLives(own)
    server.clock.advance(1)
    const next = await mintGuest(server, child.clientKey)
    await end({ account: true })
    expect((await refresh(server, next.refresh_token)).status).toBe(200)
  })

  test('a repeat with the same Idempotency-Key does not end later sessions', async () => {
    const again = () =>
      admin.post('sessions/revoke', { user_id: 'user_42' }, hostKey, { 'Idempotency-Key': 'sign-out-once' })
    const first = await (await again()).text()
    server.clock.advance(1)
    const session = await mintUserSession(server)
    server.clock.advance(1)
    const repeat = await again()
    expect(repeat.headers.get('idempotent-replayed')).toBe('true')
    expect(await repeat.text()).toBe(first)
    await sessionLives(session)
  })

  test('works the same over tRPC', async () => {
    const { session_id, ...guest } = await mintGuest(server)
    expect((await server.trpc('admin.sessions.revoke', { session_id }, bearer(hostKey))).status).toBe(200)
    await sessionEnded({ session_id, ...guest })
  })

  test.each([
    ...[{}, { account: false }, { account: 'yes' }, { session_id: '' }],
    ...[
      { session_id: 'a', user_id: 'b' },
      { account: true, visitor_id: 'a' },
    ],
    ...[{ user_id: 'x'.repeat(1025) }, { user_id: 'a\u0000' }, { customer_id: 'Ada' }, { api_key_id: acme.key }],
    ...[{ children: true }, { user_id: 'a', children: true }, { account: true, children: false }],
  ])('422 for %o, and nothing ends', async (target) => {
    const session = await mintUserSession(server)
    expect(await refusal(await admin.post('sessions/revoke', target))).toBe('422 VALIDATION_FAILED')
    await sessionLives(session)
  })

  test('403 without the scope admin, 401 without a key', async () => {
    const target = { account: true }
    expect(await refusal(await admin.post('sessions/revoke', target, acme.keyWithoutScopes))).toBe('403 FORBIDDEN')
    expect(await refusal(await server.post('/v1/admin/sessions/revoke', target))).toBe('401 UNAUTHENTICATED')
  })
})
