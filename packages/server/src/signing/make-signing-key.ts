import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { TokenAlg } from '@hallpass/contracts'
import type { JWK } from 'jose'
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint'
import type { Clock } from '../clock.js'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import type { SealingKeys } from '../crypto/derive-keys.js'
import { openNumbered, sealNumbered } from '../crypto/numbered-seal.js'
import { StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/queries/signing-keys.js'
import { algorithms } from './algorithms.js'

/** It signs and verifies faster than Ed25519, and more verifiers accept it. */
const defaultSigningAlg: TokenAlg = 'ES256'

interface Deps {
  readonly clock: Clock
  /** {@link defaultSigningAlg} if undefined. */
  readonly alg: TokenAlg | undefined
}

/** When a new key begins to sign, in milliseconds, and for whom. */
type Purpose = Pick<StoredSigningKey, 'activates_at' | 'for_client_keys'>

/** A key pair whose id is the thumbprint of its public key. */
export interface KeyPair {
  readonly privateKey: KeyObject
  /** The public key, as it is published. */
  readonly jwk: JWK
}

/** A row that doesn't match its own private key, because someone changed it in the database. */
export class ChangedSigningKey extends StartError {}

/** A new key pair with a sealed private key. Its id is its thumbprint (RFC 7638). */
export async function makeSigningKey(
  { clock, alg = defaultSigningAlg }: Deps,
  keys: SealingKeys,
  purpose: Purpose,
): Promise<StoredSigningKey> {
  const { privateKey } = await algorithms[alg].generate()
  const { kid, jwk } = await describePublicHalf(privateKey, alg)
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return {
    kid,
    alg,
    public_jwk: JSON.stringify(jwk),
    sealed_private: sealPrivateKey(keys, { kid, alg }, pem, clock.random),
    created_at: clock.now(),
    ...purpose,
    unused_since: null,
  }
}

/**
 * The key pair of a row. Its public key is derived from the sealed private key, never from the row, which anyone with
 * write access to the database could change. Throws a StartError if the row can't be opened, and a ChangedSigningKey if
 * it was changed.
 */
export async function openKeyPair(ring: Ring, row: StoredSigningKey): Promise<KeyPair> {
  const { kid, alg } = row
  const privateKey = createPrivateKey(openPrivateKey(ring, row))
  const isOfType = privateKey.asymmetricKeyType === algorithms[alg].keyType
  const derived = isOfType ? await describePublicHalf(privateKey, alg) : undefined
  if (derived?.kid !== kid) {
    throw new ChangedSigningKey(`The signing key ${kid} is not the ${alg} key of its row.`)
  }
  const { jwk } = derived
  if (row.public_jwk !== JSON.stringify(jwk)) {
    throw new ChangedSigningKey(`The public key of the signing key ${kid} was changed in the database.`)
  }
  return { privateKey, jwk }
}

/** The row's private key, sealed under other keys. */
export function resealPrivateKey(
  ring: Ring,
  row: StoredSigningKey,
  keys: SealingKeys,
  random: Clock['random'],
): string {
  return sealPrivateKey(keys, row, openPrivateKey(ring, row), random)
}

type Ring = Pick<DataKeyRing, 'byId'>

/** As PKCS #8 in PEM. */
function openPrivateKey(ring: Ring, { kid, alg, sealed_private }: StoredSigningKey): string {
  const pem = openNumbered(ring, 'signingKey', sealed_private, sealContext({ kid, alg }))
  if (pem === undefined) throw new StartError(`The signing key ${kid} cannot be opened with this master key.`)
  return pem
}

const sealPrivateKey = (keys: SealingKeys, name: KeyName, plaintext: string, random: Clock['random']) =>
  sealNumbered(keys, 'signingKey', { plaintext, context: sealContext(name) }, random)

async function describePublicHalf(privateKey: KeyObject, alg: TokenAlg) {
  const exported = createPublicKey(privateKey).export({ format: 'jwk' })
  // always in one order, because the text is compared with the one in the database
  const members: JWK = Object.fromEntries(algorithms[alg].members.map((name) => [name, exported[name]]))
  const kid = await calculateJwkThumbprint(members)
  return { kid, jwk: { ...members, kid, alg, use: 'sig' } }
}

type KeyName = Pick<StoredSigningKey, 'kid' | 'alg'>

const sealContext = ({ kid, alg }: KeyName) => `signing-key ${kid} ${alg}`
