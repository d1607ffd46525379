import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import { open, seal, sealNonceBytes } from '../keys/seal.js'
import type { StoredSigningKey } from '../store/signing-keys.js'

/** Signature algorithms (RFC 8037 and RFC 7518 section 3.4). */
export type SigningAlg = 'EdDSA' | 'ES256'

/** A key that tokens are verified with. */
export interface VerificationKey {
  readonly kid: string
  readonly alg: SigningAlg
  readonly publicKey: KeyObject
}

/** The keys in use: one signs, all of them verify. */
export interface KeyRing {
  readonly signingKey: { readonly kid: string; readonly alg: SigningAlg; readonly privateKey: KeyObject }
  readonly verificationKeys: ReadonlyMap<string, VerificationKey>
  /** RFC 7517, public halves only. */
  readonly jwks: { readonly keys: readonly JWK[] }
}

interface Needs {
  readonly clock: Clock
  readonly sealKey: Buffer
  readonly store: {
    listSigningKeys(): Promise<StoredSigningKey[]>
    insertSigningKey(key: StoredSigningKey): Promise<void>
  }
}

/** Loads the signing keys, making the first one of an algorithm when there is none. */
export async function loadKeyRing(needs: Needs, alg: SigningAlg): Promise<KeyRing> {
  const stored = await needs.store.listSigningKeys()
  const newest = stored.find((key) => key.alg === alg)
  const active = newest ?? (await makeSigningKey(needs, alg))
  const all = newest ? stored : [active, ...stored]
  return {
    signingKey: { kid: active.kid, alg, privateKey: openPrivateKey(needs, active) },
    verificationKeys: new Map(all.map((key) => [key.kid, toVerificationKey(key)])),
    jwks: { keys: all.map((key) => JSON.parse(key.public_jwk)) },
  }
}

async function makeSigningKey(needs: Needs, alg: SigningAlg): Promise<StoredSigningKey> {
  const { publicKey, privateKey } =
    alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const key: StoredSigningKey = {
    kid,
    alg,
    public_jwk: JSON.stringify({ ...jwk, kid, alg, use: 'sig' }),
    sealed_private: seal(needs.sealKey, needs.clock.random(sealNonceBytes), pem, sealContext(kid, alg)),
    created_at: needs.clock.now(),
  }
  await needs.store.insertSigningKey(key)
  return key
}

function openPrivateKey(needs: Needs, key: StoredSigningKey): KeyObject {
  const pem = open(needs.sealKey, key.sealed_private, sealContext(key.kid, key.alg))
  if (pem === undefined) throw new StartError(`the signing key ${key.kid} cannot be opened with this master key`)
  return createPrivateKey(pem)
}

function toVerificationKey({ kid, alg, public_jwk }: StoredSigningKey): VerificationKey {
  return { kid, alg, publicKey: createPublicKey({ key: JSON.parse(public_jwk), format: 'jwk' }) }
}

const sealContext = (kid: string, alg: SigningAlg) => `signing-key ${kid} ${alg}`
