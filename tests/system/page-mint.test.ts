import { Fixture } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { refusal } from './support/fixtures/administer.js'
import { boundFixture, preferring, requiring } from './support/fixtures/bound-client-keys.js'
import { declaredKinds, pageKinds } from './support/fixtures/declared-kinds.js'
import { createProver, type Prover } from './support/fixtures/dpop.js'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintGuest, mintUserToken, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

interface Minted {
  readonly token: string
  readonly token_type: string
  readonly subject: string
}

const widgetOrigin = 'https://widgets.example'
const server = withServer({ fixture: Fixture.parse(boundFixture), config: { widgetOrigins: [widgetOrigin] } })
let ada: Prover
const put = (declaration: { readonly name: string }, key: string = acme.key) =>
  server.trpc('admin.kinds.put', declaration, bearer(key))
beforeAll(async () => {
  ada = await createProver(server.clock)
  for (const kind of [...pageKinds, ...declaredKinds]) expect((await put(kind)).status).toBe(200)
})

const path = '/v1/tokens/page'
const mintRaw = (kind: string, more: object = {}, headers: HeadersInit = {}) =>
  server.postFromShop(path, { client_key: acme.clientKey, kind, ...more }, headers)
const mint = async (kind: string, more: object = {}, headers: HeadersInit = {}) =>
  bodyOf<Minted>(await mintRaw(kind, more, headers))
const manage = (what: string, body: object) => server.postAsAcme(`/v1/admin/${what}`, body)

test('404 for a kind that is unknown, disabled or only for backends, and the log says which', async () => {
  await put({ ...pageKinds[0], name: 'page-ended' })
  await manage('kinds/page-ended/disable', {})
  const bodies = new Set<string>()
  for (const [kind, seen] of [
    ['unknown-kind', 'a kind that the account did not declare'],
    ['page-ended', 'a kind that is disabled'],
    ['jwt-any', 'a kind that only backends can mint'],
  ] as const) {
    const requestId = `page-${kind}`
    const response = await mintRaw(kind, {}, { 'Request-Id': requestId })
    expect(response.status).toBe(404)
    bodies.add(await response.text())
    const { data } = await bodyOf<{ data: { seen: string }[] }>(
      await server.get(`/v1/admin/refusals/${requestId}`, bearer(acme.key)),
    )
    expect(data).toMatchObject([{ seen }])
  }
  expect(bodies.size).toBe(1)
})

test('422 for a backend that mints a kind of pages only', async () => {
  const response = await server.postAsAcme('/v1/tokens', { kind: 'page-opaque', subject: 'user_42' })
  expect(await refusal(response)).toBe('422 INVALID_STATUS')
})

describe('a page', () => {
  const other = (headers: HeadersInit) => server.post(path, { client_key: acme.clientKey, kind: 'page-jwt' }, headers)

  test('403 without an allowed origin, with the same response for an unknown client key', async () => {
    const refused = [
      await other({ Origin: 'https://attacker.example' }),
      await other({}),
      await mintRaw('page-jwt', { client_key: 'pk_test_unknown' }),
      await mintRaw('page-jwt', { client_key: acme.off }),
    ]
    expect(await Promise.all(refused.map(refusal))).toEqual(refused.map(() => '403 FORBIDDEN'))
  })

  test('can read the response and the refusal, and may ask first', async () => {
    for (const response of [await mintRaw('page-jwt'), await mintRaw('unknown-kind')])
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(acme.origin)
    const preflight = await fetch(server.url + path, { method: 'OPTIONS', headers: { Origin: acme.origin } })
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe('POST')
  })

  test('429 after as many calls as guests have', async () => {
    const limited = () => mintRaw('page-jwt', { client_key: acme.limited })
    for (let call = 1; call <= 3; call++) expect((await limited()).status).toBe(200)
    expect(await refusal(await limited())).toBe('429 TOO_MANY_REQUESTS')
  })

  test('403 for a guest if the client key has users only, and 200 with their session', async () => {
    const client_key = acme.userOnly
    expect(await refusal(await mintRaw('page-jwt', { client_key }))).toBe('403 FORBIDDEN')
    const token = await mintUserToken(server, { client_key })
    const session = await bodyOf<{ token: string }>(await server.postFromShop(paths.exchange, { token }))
    await mint('page-jwt', { client_key, session_token: session.token })
  })

  test('400 with a session of another client key, an expired one, or another token', async () => {
    const foreign = await mintGuest(server, acme.guestOnly)
    const expired = await mintGuest(server)
    const { token: wrong } = await mint('page-jwt')
    server.clock.advance(900_000)
    for (const session_token of [foreign.token, expired.token, wrong, 'nothing'])
      expect(await refusal(await mintRaw('page-jwt', { session_token }))).toBe('400 BAD_REQUEST')
  })

  test('of a widget origin needs an unused embed ticket, or a session that began with one', async () => {
    const inWidget = (more: object) =>
      server.post(path, { client_key: acme.clientKey, kind: 'page-jwt', ...more }, { Origin: widgetOrigin })
    const ticketOf = async () =>
      (await bodyOf<{ ticket: string }>(await server.postFromShop(paths.embedTicket, { client_key: acme.clientKey })))
        .ticket
    const ticket = await ticketOf()
    expect(await refusal(await inWidget({}))).toBe('403 FORBIDDEN')
    expect((await inWidget({ embed_ticket: ticket })).status).toBe(200)
    expect(await refusal(await inWidget({ embed_ticket: ticket }))).toBe('403 FORBIDDEN')
    const guest = { client_key: acme.clientKey, embed_ticket: await ticketOf() }
    const session = await bodyOf<{ token: string }>(await server.post(paths.guest, guest, { Origin: widgetOrigin }))
    expect((await inWidget({ session_token: session.token })).status).toBe(200)
  })
})

describe('a client key that binds', () => {
  const proof = async (prover = ada) => ({ DPoP: await prover.prove(server.url + path) })

  test('binds a JWT to the key, and has the same guest for the same key', async () => {
    for (const client_key of [preferring, requiring]) {
      const [one, two] = [
        await mint('page-jwt', { client_key }, await proof()),
        await mint('page-jwt', { client_key }, await proof()),
      ]
      expect(one.token_type).toBe('DPoP')
      expect(decodeJwt(one.token).cnf).toEqual({ jkt: ada.jkt })
      expect(await introspect(server, one.token)).toMatchObject({ cnf: { jkt: ada.jkt } })
      expect(two.subject).toBe(one.subject)
    }
  })

  test('400 without a proof if it requires one; an opaque token can’t be bound', async () => {
    expect(await refusal(await mintRaw('page-jwt', { client_key: requiring }))).toBe('400 BAD_REQUEST')
    const opaque = await mintRaw('page-opaque', { client_key: requiring }, await proof())
    expect(await refusal(opaque)).toBe('422 INVALID_STATUS')
    expect((await mint('page-opaque', { client_key: preferring }, await proof())).token_type).toBe('Bearer')
  })

  test('400 if a bound session comes without a proof of its key', async () => {
    const guest = await server.postFromShop(
      paths.guest,
      { client_key: preferring },
      { DPoP: await ada.prove(server.url + paths.guest) },
    )
    const { token: session_token } = await bodyOf<{ token: string }>(guest)
    const input = { client_key: preferring, session_token }
    const thief = await createProver(server.clock)
    for (const headers of [{}, await proof(thief)])
      expect(await refusal(await mintRaw('page-jwt', input, headers))).toBe('400 BAD_REQUEST')
    expect((await mint('page-jwt', input, await proof())).token_type).toBe('DPoP')
    expect(await refusal(await mintRaw('page-opaque', input, await proof()))).toBe('422 INVALID_STATUS')
  })
})

test.each([
  ['resource', { resource: 'required' }],
  ['claims', { claims: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] } }],
  ['minted_by', { minted_by: [] }],
  ['minted_by', { minted_by: ['client_key', 'client_key'] }],
])('422 for a declaration for pages whose %s a page could not fill', async (field, more) => {
  const response = await put({ ...pageKinds[0], name: 'page-other', ...more })
  expect(response.status).toBe(422)
  expect(await response.text()).toContain(field)
})
