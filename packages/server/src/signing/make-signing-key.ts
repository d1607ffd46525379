import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import { open, seal, sealNonceBytes } from '../keys/seal.js'
import type { StoredSigningKey } from '../store/signing-keys.js'

/** Signature algorithms (RFC 8037 and RFC 7518 section 3.4). */
export type SigningAlg = 'EdDSA' | 'ES256'

interface Needs {
  readonly clock: Clock
  readonly sealKey: Buffer
  readonly alg: SigningAlg
}

/** A new key pair, its private half sealed; its id is its thumbprint (RFC 7638). */
export async function makeSigningKey({ clock, sealKey, alg }: Needs, activatesAt: number): Promise<StoredSigningKey> {
  const { publicKey, privateKey } =
    alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return {
    kid,
    alg,
    public_jwk: JSON.stringify({ ...jwk, kid, alg, use: 'sig' }),
    sealed_private: seal(sealKey, clock.random(sealNonceBytes), pem, sealContext(kid, alg)),
    created_at: clock.now(),
    activates_at: activatesAt,
  }
}

/** The private half, as PKCS #8 in PEM. */
export function openPrivateKey(sealKey: Buffer, { kid, alg, sealed_private }: StoredSigningKey): string {
  const pem = open(sealKey, sealed_private, sealContext(kid, alg))
  if (pem === undefined) throw new StartError(`the signing key ${kid} cannot be opened with this master key`)
  return pem
}

const sealContext = (kid: string, alg: SigningAlg) => `signing-key ${kid} ${alg}`
