import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { TokenAlg } from '@hallpass/contracts'

/** What node:crypto needs to know about a signature algorithm. */
interface Algorithm {
  readonly generate: () => Promise<{ readonly privateKey: KeyObject }>
  readonly keyType: KeyObject['asymmetricKeyType']
  readonly digest: 'sha256' | null
  /** The members of a public key as JWK. Node 26 exports those of Ed25519 in another order than its predecessors. */
  readonly members: readonly string[]
}

const generate = promisify(generateKeyPair)

/** RFC 7518 sections 3.3 and 3.4, RFC 8037. An RSA key takes long to generate, so it is done outside the event loop. */
export const algorithms: Record<TokenAlg, Algorithm> = {
  ES256: {
    generate: () => generate('ec', { namedCurve: 'P-256' }),
    keyType: 'ec',
    digest: 'sha256',
    members: ['kty', 'x', 'y', 'crv'],
  },
  EdDSA: { generate: () => generate('ed25519'), keyType: 'ed25519', digest: null, members: ['crv', 'x', 'kty'] },
  RS256: {
    generate: () => generate('rsa', { modulusLength: 2048 }),
    keyType: 'rsa',
    digest: 'sha256',
    members: ['kty', 'n', 'e'],
  },
}

/** The key with the signature format of JWS: for ECDSA not DER, but the two numbers (RFC 7518 section 3.4). */
export const jwsKey = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' }) as const
