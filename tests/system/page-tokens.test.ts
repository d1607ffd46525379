import { createVerifier } from '@hallpass/client/verify'
import { beforeAll, describe, expect, test } from 'vitest'
import { refusal } from './support/fixtures/administer.js'
import { isEndedByFeed, pageKinds, readFeed } from './support/fixtures/declared-kinds.js'
import { acme, fixture, rival } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintGuest, mintUserSession, paths, revoke } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture })
beforeAll(async () => {
  for (const kind of pageKinds) expect((await server.trpc('admin.kinds.put', kind, bearer(acme.key))).status).toBe(200)
})

const mintRaw = (kind: string, more: object = {}) =>
  server.postFromShop('/v1/tokens/page', { client_key: acme.clientKey, kind, ...more })
const mint = async (kind: string, more: object = {}) =>
  bodyOf<{ token: string; token_type: string; subject: string }>(await mintRaw(kind, more))
const redeem = (token: string, kind: string, more: object = {}, key: string = acme.key) =>
  server.post('/v1/tokens/redeem', { token, kind, ...more }, bearer(key))

const manage = (what: string, body: object) => server.postAsAcme(`/v1/admin/${what}`, body)

describe.each(pageKinds)('$name', ({ name, form, uses }) => {
  test('is minted for a new guest, introspected and redeemed, and names the client key', async () => {
    const [minted, other] = [await mint(name, { actions: ['view'] }), await mint(name)]
    expect(minted).toMatchObject({ kind: name, expires_in: 600, uses, token_type: 'Bearer' })
    expect(minted.subject).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.subject).not.toBe(minted.subject)
    const active = await introspect(server, minted.token)
    expect(active).toMatchObject({ active: true, token_type: 'declared', kind: name, sub: minted.subject })
    expect(active).toMatchObject({ client_key_id: expect.any(String), actions: ['view'] })
    expect(Object.keys(active)).not.toEqual(expect.arrayContaining(['api_key_id']))
    expect(await bodyOf(await redeem(minted.token, name, { action: 'view' }))).toEqual({
      ...{ kind: name, subject: minted.subject, client_key_id: active.client_key_id, resource: null },
      ...{ actions: ['view'], claims: null, uses_left: uses === null ? null : uses - 1 },
      redeemed_at: expect.any(String),
    })
    expect(await refusal(await redeem(other.token, name, {}, rival.key))).toBe('404 RESOURCE_NOT_FOUND')
  })

  test('of 20 redeems at once as many succeed as it has uses', async () => {
    const { token } = await mint(name)
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await redeem(token, name)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(uses ?? 20)
  })

  test('has the visitor of a session as its subject', async () => {
    for (const session of [await mintGuest(server), await mintUserSession(server)]) {
      const { subject } = await mint(name, { session_token: session.token })
      expect(subject).toBe(session.visitor_id)
      await server.postFromShop(paths.logout, { refresh_token: session.refresh_token })
      expect(await refusal(await mintRaw(name, { session_token: session.token }))).toBe('400 BAD_REQUEST')
    }
  })

  test('ends when it is revoked, or with its client key, its subject or its kind', async () => {
    const revoked = await mint(name)
    await revoke(server, revoked.token)
    expect(await refusal(await redeem(revoked.token, name))).toBe('422 TOKEN_REVOKED')

    const bySubject = await mint(name)
    server.clock.advance(1)
    await bodyOf(await manage('sessions/revoke', { subject: bySubject.subject }))
    expect(await refusal(await redeem(bySubject.token, name))).toBe('422 TOKEN_REVOKED')

    const id = (await introspect(server, (await mint(name)).token)).client_key_id
    const byKey = await mint(name)
    server.clock.advance(1)
    await bodyOf(await manage('sessions/revoke', { client_key_id: id }))
    expect(await refusal(await redeem(byKey.token, name))).toBe('422 TOKEN_REVOKED')

    server.clock.advance(1)
    const disabled = await mint(name)
    await bodyOf(await manage(`client_keys/${id}`, { disabled: true }))
    expect(await refusal(await redeem(disabled.token, name))).toBe('422 TOKEN_REVOKED')
    expect(await introspect(server, disabled.token)).toEqual({ active: false })
    expect(await refusal(await mintRaw(name))).toBe('403 FORBIDDEN')
    await bodyOf(await manage(`client_keys/${id}`, { disabled: false }))
    if (form !== 'jwt') return
    server.clock.advance(1000)
    const feed = await readFeed(async (at) => (await server.get(at)).text(), acme.account)
    for (const { token } of [revoked, bySubject, byKey]) expect(isEndedByFeed(feed, token)).toBe(true)
  })

  test.each([
    ['subject', { subject: 'user_42' }],
    ['resource', { resource: 'report_7' }],
    ['claims', { claims: { rows: ['eu'] } }],
    ['ttl_seconds', { ttl_seconds: 60 }],
    ['actions.0', { actions: ['delete'] }],
  ])('422 for a mint with %s of the page', async (field, more) => {
    const response = await mintRaw(name, more)
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(field)
  })
})

test('an offline verifier accepts a JWT of a page, and names its client key and subject', async () => {
  const [kind] = pageKinds
  const common = { issuer: server.url, account: acme.account, now: server.clock.now }
  const verifier = createVerifier({ ...common, kind: kind.name, schema: kind, revocation: { by: 'expiry' } })
  const { token, subject } = await mint(kind.name)
  const verdict = await verifier.verify(token, { action: 'view' })
  expect(verdict).toMatchObject({ ok: true, claims: { sub: subject, client_key_id: expect.any(String) } })
})
