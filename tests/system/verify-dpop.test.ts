import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuard, createVerifier, type RefusalReason, type Verifier } from '@hallpass/client/verify'
import { Fixture, type WidgetSession } from '@hallpass/contracts'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProver, type Prover } from './support/fixtures/dpop.js'
import { acme, fixture } from './support/fixtures/fixture.js'
import { bodyOf, mintGuest, paths } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const binding = acme.guestOnly
const server = withServer({
  fixture: Fixture.parse({
    accounts: fixture.accounts.map((account) => ({
      ...account,
      client_keys: account.client_keys.map((key) => (key.client_key === binding ? { ...key, bind: 'require' } : key)),
    })),
  }),
})

/** An API whose guard accepts session tokens, and responds with their claims. */
let api: Server
let url = ''
let verifier: Verifier<'widget-session'>
const reasons: string[] = []
let ada: Prover
beforeAll(async () => {
  api = createServer((request, response) => {
    void guard.express(request, response, () => response.end(JSON.stringify(guard.claimsOf(request))))
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  const origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  url = `${origin}/orders`
  const account = acme.account
  verifier = createVerifier({ issuer: server.url, kind: 'widget-session', account, now: server.clock.now })
  const guard = createGuard(verifier, { origin, onRefused: ({ reason }) => reasons.push(reason) })
  ada = await createProver(server.clock)
})
afterAll(() => api.close())

const bind = async () => {
  const DPoP = await ada.prove(server.url + paths.guest)
  return bodyOf<WidgetSession>(await server.postFromShop(paths.guest, { client_key: binding }, { DPoP }))
}
const insecure = { [oauth.allowInsecureRequests]: true }

describe('oauth4webapi 3.8.8, unchanged', () => {
  test('starts a bound session and uses it with proofs of its key', async () => {
    const DPoP = oauth.DPoP({}, await oauth.generateKeyPair('ES256'))
    const send = (token: string, method: string, target: string, headers: HeadersInit, body?: string) =>
      oauth.protectedResourceRequest(token, method, new URL(target), new Headers(headers), body, { DPoP, ...insecure })
    const headers = { Origin: acme.origin, 'Content-Type': 'application/json' }
    const started = await send(
      'none',
      'POST',
      server.url + paths.guest,
      headers,
      JSON.stringify({ client_key: binding }),
    )
    const session = await bodyOf<WidgetSession>(started)
    const jkt = await DPoP.calculateThumbprint()
    for (const target of [url, `${url}?page=2`]) {
      const response = await send(session.token, 'GET', target, {})
      expect(await response.json()).toMatchObject({ sid: session.session_id, cnf: { jkt } })
    }
  })

  test('reads the challenge of the guard (RFC 9449 section 7.1)', async () => {
    const { token } = await bind()
    const DPoP = oauth.DPoP({}, await oauth.generateKeyPair('ES256'))
    const options = { DPoP, ...insecure }
    const call = oauth.protectedResourceRequest(token, 'GET', new URL(url), undefined, undefined, options)
    await expect(call).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'dpop', parameters: { error: 'invalid_dpop_proof', algs: 'ES256 EdDSA' } }],
    })
  })
})

describe('a guard and a bound token', () => {
  const call = async (headers: Record<string, string>, method = 'GET') => {
    reasons.length = 0
    const { status } = await fetch(url, { method, headers })
    return { status, reasons: [...reasons] }
  }
  const refusedFor = (reason: RefusalReason) => ({ status: 401, reasons: [reason] })

  test('200 with a proof for this request and this token', async () => {
    const { token } = await bind()
    const DPoP = await ada.prove(url, { htm: 'PUT', token })
    expect(await call({ Authorization: `DPoP ${token}`, DPoP }, 'PUT')).toEqual({ status: 200, reasons: [] })
  })

  test('401 as a bearer token, with and without a proof', async () => {
    const { token } = await bind()
    const DPoP = await ada.prove(url, { htm: 'GET', token })
    expect(await call({ Authorization: `Bearer ${token}` })).toEqual(refusedFor('missing_proof'))
    expect(await call({ Authorization: `Bearer ${token}`, DPoP })).toEqual(refusedFor('missing_proof'))
  })

  test('401 without a proof, and with one for another method, URL, token or key', async () => {
    const [{ token }, other] = [await bind(), await bind()]
    const thief = await createProver(server.clock)
    const proofs = [
      '',
      await ada.prove(url, { token }),
      await ada.prove(`${url}/1`, { htm: 'GET', token }),
      await ada.prove(url, { htm: 'GET', token: other.token }),
      await ada.prove(url, { htm: 'GET' }),
      await thief.prove(url, { htm: 'GET', token }),
    ]
    for (const DPoP of proofs)
      expect(await call({ Authorization: `DPoP ${token}`, DPoP }), DPoP).toEqual(refusedFor('bad_proof'))
  })

  test('401 for a proof that was used before', async () => {
    const { token } = await bind()
    const headers = { Authorization: `DPoP ${token}`, DPoP: await ada.prove(url, { htm: 'GET', token }) }
    expect((await call(headers)).status).toBe(200)
    expect(await call(headers)).toEqual(refusedFor('bad_proof'))
  })

  test('401 for a token that is not bound, sent with a proof', async () => {
    const { token } = await mintGuest(server)
    const DPoP = await ada.prove(url, { htm: 'GET', token })
    expect(await call({ Authorization: `DPoP ${token}`, DPoP })).toEqual(refusedFor('bad_proof'))
    expect((await call({ Authorization: `Bearer ${token}` })).status).toBe(200)
  })
})

describe('a verifier', () => {
  test('refuses a bound token without the request, and accepts it with its proof', async () => {
    const { token } = await bind()
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'missing_proof' })
    const proof = await ada.prove(url, { htm: 'GET', token })
    expect(await verifier.verify(token, { method: 'GET', url, proof })).toMatchObject({ ok: true })
  })

  test('holds a bound token with its proof only', async () => {
    const { token } = await bind()
    expect(await verifier.hold(token)).toMatchObject({ ok: false, reason: 'missing_proof' })
    const proof = await ada.prove(url, { htm: 'GET', token })
    const held = await verifier.hold(token, { presentedIn: { method: 'GET', url, proof } })
    expect(held.ok).toBe(true)
    if (held.ok) held.release()
  })

  test('unavailable if the shared memory of proofs fails', async () => {
    const { token } = await bind()
    const sharing = createVerifier({
      issuer: server.url,
      kind: 'widget-session',
      account: acme.account,
      now: server.clock.now,
      rememberProof: () => Promise.reject(new Error('Redis is down')),
    })
    const proof = await ada.prove(url, { htm: 'GET', token })
    expect(await sharing.verify(token, { method: 'GET', url, proof })).toMatchObject({ reason: 'unavailable' })
  })
})
