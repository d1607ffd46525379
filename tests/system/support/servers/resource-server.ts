import { createPublicKey } from 'node:crypto'
import type { WidgetSession } from '@hallpass/contracts'
import { acme } from '../fixtures/fixture.js'
import type { Forge } from '../fixtures/forge-token.js'
import { hostKey } from '../fixtures/host-key.js'
import { paths } from '../fixtures/mint.js'
import type { AssembledServer } from './assembled-server.js'
import { bearer } from './in-process-server.js'

/** The issuer of {@link AssembledServer}s. */
export const issuer = 'https://pass.example'

/** Calls an assembled server without a socket. */
export function fetchFrom(server: AssembledServer): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(String(input))
    const { status, text } = await server.call(pathname + search, {
      method: init.method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body ? { body: String(init.body) } : {}),
    })
    return new Response(status === 304 ? null : text, { status })
  }
}

/** Calls of Acme, with a key that can also manage signing keys, to an assembled server. */
export function acmeAt(server: AssembledServer) {
  const post = async (path: string, body: object) => {
    const { status, text, body: response } = await server.call(path, { headers: bearer(hostKey), body })
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
    return response
  }
  const fromShop = async (path: string, body: object) => {
    const { status, text, body: response } = await server.call(path, { headers: { origin: acme.origin }, body })
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
    // the visitor operations that return a session
    return response as unknown as WidgetSession
  }
  const visitorToken = async (user_id = 'user_42') =>
    String((await post(paths.userToken, { client_key: acme.clientKey, user_id })).token)
  return {
    post,
    visitorToken,
    bridgeToken: async () => {
      const { data } = await post(paths.bridge, { customer_id: acme.customer })
      return (data as { bridge_token: string }).bridge_token
    },
    guest: (client_key: string = acme.clientKey) => fromShop(paths.guest, { client_key }),
    user: async (user_id?: string) => fromShop(paths.exchange, { token: await visitorToken(user_id) }),
    refresh: (refresh_token: string) => fromShop(paths.refresh, { refresh_token }),
    embedTicket: async () => {
      const { ticket } = (await fromShop(paths.embedTicket, { client_key: acme.clientKey })) as unknown as {
        ticket: string
      }
      return ticket
    },
    revoke: (token: string) => revokeToken(server, token),
    end: (what: object) => post('/v1/admin/sessions/revoke', what),
    rotate: () => post('/v1/admin/signing_keys/rotate', {}),
    revokeKey: (kid: string) => post(`/v1/admin/signing_keys/${kid}/revoke`, {}),
    apiKeyId: async (name: string) => {
      const { body } = await server.call('/v1/admin/api_keys', { method: 'GET', headers: bearer(hostKey) })
      const found = (body.data as { id: string; name: string }[]).find((key) => key.name === name)
      return found?.id ?? ''
    },
    clientKeyId: async (client_key: string) => {
      const { body } = await server.call('/v1/admin/client_keys', { method: 'GET', headers: bearer(hostKey) })
      const found = (body.data as { id: string; client_key: string }[]).find((key) => key.client_key === client_key)
      return found?.id ?? ''
    },
  }
}

async function revokeToken(server: AssembledServer, token: string): Promise<void> {
  const headers = { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' }
  await server.call(paths.revoke, { headers, body: new URLSearchParams({ token }).toString() })
}

/** What a forger has who stole the server's own signing key. */
export function forgeAt(server: AssembledServer, otherKid: string): Omit<Forge, 'token' | 'other'> {
  const { privateKey, kid } = server.keyRing.signingKey()
  const publicKey = createPublicKey(privateKey)
  return {
    ownKey: privateKey,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid },
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    otherKid,
    now: Math.floor(server.clock.now() / 1000),
  }
}
