import type { KeyObject } from 'node:crypto'
import { importPublicKey, type PublicKey, type TokenAlg } from '@hallpass/contracts'
import type { JWK } from 'jose'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import { StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/queries/signing-keys.js'
import { ChangedSigningKey, openKeyPair } from './make-signing-key.js'

/** A key for verifying tokens. */
export interface VerificationKey extends PublicKey {
  readonly kid: string
}

/** A key for signing tokens. */
export interface SigningKey {
  readonly kid: string
  readonly alg: TokenAlg
  readonly privateKey: KeyObject
}

export interface LoadedKey extends Omit<StoredSigningKey, 'public_jwk' | 'sealed_private'> {
  readonly verification: VerificationKey
  readonly signing: SigningKey
  readonly jwk: JWK
}

interface Deps {
  readonly dataKeys: Pick<DataKeyRing, 'byId' | 'reload'>
  readonly store: { listSigningKeys(): Promise<StoredSigningKey[]> }
  /** Called once for each row that can't be used, with the reason. */
  readonly onRefused?: (refused: { readonly kid: string; readonly reason: string }) => void
}

/** The keys in memory, newest first. */
export interface HeldKeys {
  readonly all: () => readonly LoadedKey[]
  /** Their public keys. Made once for each load, because a request for them would write them as JSON again. */
  readonly jwks: () => { readonly keys: readonly JWK[] }
  readonly reload: () => Promise<void>
  /** The keys of the rows that are unchanged and can be opened. */
  readonly load: (rows: readonly StoredSigningKey[]) => Promise<readonly LoadedKey[]>
}

/** Loads every key. Throws a StartError for one that can't be opened. */
export async function holdKeys(deps: Deps): Promise<HeldKeys> {
  const { dataKeys, store } = deps
  let keys: readonly LoadedKey[] = []
  let jwks: { readonly keys: readonly JWK[] } = { keys: [] }
  const reported = new Set<string>()
  const refuse = (kid: string, { message: reason }: Error) => {
    if (!reported.has(reason)) deps.onRefused?.({ kid, reason })
    reported.add(reason)
  }
  const load = async (rows: readonly StoredSigningKey[]) => {
    const loaded: LoadedKey[] = []
    for (const row of rows) {
      const known = keys.find(({ kid }) => kid === row.kid)
      const key = known ? { ...known, unused_since: row.unused_since } : await loadKey(dataKeys, row)
      if (key instanceof StartError) refuse(row.kid, key)
      else loaded.push(key)
    }
    return loaded
  }
  const loadFirst = async (rows: readonly StoredSigningKey[]) => {
    for (const row of rows) {
      const key = await loadKey(dataKeys, row)
      // a damaged key should stop the start, not be noticed later
      if (key instanceof StartError && !(key instanceof ChangedSigningKey)) throw key
    }
    return load(rows)
  }
  const hold = (loaded: readonly LoadedKey[]) => {
    keys = loaded
    jwks = { keys: loaded.map(({ jwk }) => jwk) }
  }
  hold(await loadFirst(await store.listSigningKeys()))
  return {
    all: () => keys,
    jwks: () => jwks,
    load,
    async reload() {
      await dataKeys.reload()
      hold(await load(await store.listSigningKeys()))
    },
  }
}

/** A usable key, or the reason why it can't be used. */
async function loadKey(dataKeys: Deps['dataKeys'], row: StoredSigningKey): Promise<LoadedKey | StartError> {
  const { public_jwk: _, sealed_private: __, ...rest } = row
  const { kid, alg } = row
  try {
    const { privateKey, jwk } = await openKeyPair(dataKeys, row)
    const publicKey = await importPublicKey(jwk)
    if (!publicKey) return new StartError(`The public key of the signing key ${kid} cannot be used.`)
    return { ...rest, jwk, signing: { kid, alg, privateKey }, verification: { kid, ...publicKey } }
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
}
