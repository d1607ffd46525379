import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { boundFixture, preferring as optional, requiring as required } from './support/fixtures/bound-client-keys.js'
import { createProver, type Prover } from './support/fixtures/dpop.js'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintUserToken, paths } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: boundFixture })

let ada: Prover
let thief: Prover
beforeAll(async () => {
  ada = await createProver(server.clock)
  thief = await createProver(server.clock)
})

type Claimed = Parameters<Prover['prove']>[1]
const proofOf = async (prover: Prover, path: string, claimed?: Claimed) => ({
  DPoP: await prover.prove(server.url + path, claimed),
})
const guest = async (client_key: string, headers?: HeadersInit) =>
  server.postFromShop(paths.guest, { client_key }, headers)
const bind = async (prover = ada, client_key = required) =>
  bodyOf<WidgetSession>(await guest(client_key, await proofOf(prover, paths.guest)))
const refresh = async (refresh_token: string, headers?: HeadersInit) =>
  server.postFromShop(paths.refresh, { refresh_token }, headers)
const renew = async (token: string, prover = ada) =>
  bodyOf<WidgetSession>(await refresh(token, await proofOf(prover, paths.refresh)))

async function expectRefusedProof(response: Response) {
  expect({ status: response.status, reason: response.headers.get('X-Error-Reason') }).toEqual({
    status: 400,
    reason: 'invalid_dpop_proof',
  })
  expect(await response.text()).toBe('Missing or invalid DPoP proof')
}

describe('POST /api/v1/widget/auth/guest of a client key that binds', () => {
  test.each([optional, required])('200 with a token of the key (%s)', async (client_key) => {
    const session = await bind(ada, client_key)
    expect(session.token_type).toBe('DPoP')
    expect(decodeJwt(session.token).cnf).toEqual({ jkt: ada.jkt })
  })

  test('400 without a proof if the client key requires one; 200 and not bound if it prefers one', async () => {
    await expectRefusedProof(await guest(required))
    const session = await bodyOf<WidgetSession>(await guest(optional))
    expect(session.token_type).toBe('Bearer')
    expect(decodeJwt(session.token).cnf).toBeUndefined()
  })

  test('200 and not bound for a client key that does not bind, with a proof too', async () => {
    const session = await bind(ada, acme.clientKey)
    expect(session.token_type).toBe('Bearer')
    expect(decodeJwt(session.token).cnf).toBeUndefined()
  })

  test.each<[string, Claimed]>([
    ['of another method', { htm: 'GET' }],
    ['of another URL', { htu: 'https://other.example/api/v1/widget/auth/guest' }],
    ['from six minutes ago', { iat: Math.floor(Date.now() / 1000) - 400 }],
    ['from the future', { iat: Math.floor(Date.now() / 1000) + 400 }],
    ['with an empty jti', { jti: '' }],
  ])('400 with a proof %s', async (_, claimed) => {
    await expectRefusedProof(await guest(required, await proofOf(ada, paths.guest, claimed)))
  })

  test('200 with a proof whose time has a fraction', async () => {
    const proof = await proofOf(ada, paths.guest, { iat: server.clock.now() / 1000 + 0.000_25 })
    expect((await guest(required, proof)).status).toBe(200)
  })

  test('400 with two proofs', async () => {
    const [one, two] = [await proofOf(ada, paths.guest), await proofOf(ada, paths.guest)]
    await expectRefusedProof(await guest(required, { DPoP: `${one.DPoP}, ${two.DPoP}` }))
  })

  test('of 10 concurrent calls with the same proof, one is a 200', async () => {
    const proof = await proofOf(ada, paths.guest)
    const responses = await Promise.all(Array.from({ length: 10 }, () => guest(required, proof)))
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(400)])
  })

  test('the same key is the same visitor; another key, page or client key is not', async () => {
    const { visitor_id } = await bind()
    expect((await bind()).visitor_id).toBe(visitor_id)
    const others = [await bind(thief), await bind(ada, optional)]
    const elsewhere = { Origin: 'https://a.shop.example', ...(await proofOf(ada, paths.guest)) }
    others.push(await bodyOf<WidgetSession>(await guest(required, elsewhere)))
    expect(new Set([visitor_id, ...others.map((other) => other.visitor_id)]).size).toBe(4)
  })

  test('tRPC accepts a proof for its own URL', async () => {
    const url = `${server.url}/trpc/visitor.guest`
    const headers = { Origin: acme.origin, DPoP: await ada.prove(url) }
    const response = await server.trpc('visitor.guest', { client_key: required }, headers)
    expect(await response.json()).toMatchObject({ result: { data: { token_type: 'DPoP' } } })
  })
})

describe('POST /api/v1/widget/auth/refresh of a bound session', () => {
  test('200 with a proof of its key', async () => {
    const session = await bind()
    const next = await renew(session.refresh_token)
    expect(next).toMatchObject({ token_type: 'DPoP', session_id: session.session_id, visitor_id: session.visitor_id })
    expect(decodeJwt(next.token).cnf).toEqual({ jkt: ada.jkt })
  })

  test('400 without the key; the token is neither spent nor revoked', async () => {
    const { refresh_token } = await bind()
    await expectRefusedProof(await refresh(refresh_token))
    await expectRefusedProof(await refresh(refresh_token, await proofOf(thief, paths.refresh)))
    await expectRefusedProof(await refresh(refresh_token, await proofOf(ada, paths.guest)))
    expect((await renew(refresh_token)).token_type).toBe('DPoP')
  })

  test('a lost response can be had again an hour later, with the key', async () => {
    const { refresh_token } = await bind()
    const lost = await renew(refresh_token)
    server.clock.advance(3_600_000)
    const again = await renew(refresh_token)
    expect(again.refresh_token).toBe(lost.refresh_token)
    expect((await renew(again.refresh_token)).session_id).toBe(lost.session_id)
  })

  test('a token that is two rotations old ends the session, with the key too', async () => {
    const { refresh_token } = await bind()
    const second = await renew(refresh_token)
    const third = await renew(second.refresh_token)
    expect((await refresh(refresh_token, await proofOf(ada, paths.refresh))).status).toBe(400)
    expect((await refresh(third.refresh_token, await proofOf(ada, paths.refresh))).status).toBe(400)
  })

  test('a lost response of an unbound session cannot be had again after 10 seconds', async () => {
    const { refresh_token } = await bodyOf<WidgetSession>(await guest(optional))
    await bodyOf(await refresh(refresh_token))
    server.clock.advance(10_001)
    const late = await refresh(refresh_token, await proofOf(ada, paths.refresh))
    expect(late.headers.get('X-Error-Reason')).toBe('invalid_token')
  })

  test('introspection shows the key, of both tokens (RFC 9449 section 6.2)', async () => {
    const { token, refresh_token } = await bind()
    expect(await introspect(server, token)).toMatchObject({ active: true, cnf: { jkt: ada.jkt } })
    expect(await introspect(server, refresh_token)).toMatchObject({ active: true, cnf: { jkt: ada.jkt } })
  })
})

describe('POST /api/v1/widget/auth/exchange with a proof', () => {
  const exchange = async (body: object, headers?: HeadersInit) => server.postFromShop(paths.exchange, body, headers)

  test('200: the guest becomes a user of the same key and the same visitor', async () => {
    const session = await bind()
    const token = await mintUserToken(server, { client_key: required })
    const proof = await proofOf(ada, paths.exchange)
    const user = await bodyOf<WidgetSession>(await exchange({ token, session_token: session.token }, proof))
    expect(user).toMatchObject({ token_type: 'DPoP', auth_mode: 'user', visitor_id: session.visitor_id })
  })

  test('400 with a guest session of another key; nothing is spent', async () => {
    const session = await bind()
    const token = await mintUserToken(server, { client_key: required })
    const body = { token, session_token: session.token }
    await expectRefusedProof(await exchange(body))
    await expectRefusedProof(await exchange(body, await proofOf(thief, paths.exchange)))
    expect((await exchange(body, await proofOf(ada, paths.exchange))).status).toBe(200)
  })
})
