import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

interface Key {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** How the provider answers when its keys are asked for. */
type Answer = (response: ServerResponse, keys: string) => void

/** A customer's identity provider over real HTTP, whose keys and answers a test decides. */
export interface IdentityProvider {
  readonly issuer: string
  readonly jwksUri: string
  /** Publishes a new key, beside the others or instead of them, and signs with it. */
  readonly rotate: (options?: { alg?: string; keepOthers?: boolean }) => Promise<void>
  /** Answers in another way from now on, or as usual. */
  readonly answer: (other: Answer | undefined) => void
  /** How often its keys were asked for. */
  readonly fetches: () => number
  /** The header of the last request for its keys. */
  readonly traceparent: () => string | undefined
  readonly keys: () => JWK[]
  readonly sign: (claims: JWTPayload, header?: object) => Promise<string>
  readonly stop: () => Promise<void>
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  let keys: readonly Key[] = []
  let fetches = 0
  let other: Answer | undefined
  let traceparent: string | undefined
  const server = createServer(({ headers }, response) => {
    fetches++
    traceparent = headers.traceparent as string | undefined
    const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })
    if (other) other(response, body)
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rotate: IdentityProvider['rotate'] = async ({ alg = 'ES256', keepOthers = false } = {}) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const kid = crypto.randomUUID()
    const key = { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
    keys = [key, ...(keepOthers ? keys : [])]
  }
  await rotate()
  return {
    issuer,
    jwksUri: `${issuer}/keys`,
    rotate,
    answer: (next) => {
      other = next
    },
    fetches: () => fetches,
    traceparent: () => traceparent,
    keys: () => keys.map(({ jwk }) => jwk),
    async sign(claims, header) {
      const [key] = keys
      if (!key) throw new Error('the provider has no key')
      const { alg, kid } = key
      return new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(key.privateKey)
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
