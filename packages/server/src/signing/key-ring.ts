import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { jwtKinds } from '@hallpass/contracts'
import type { JWK } from 'jose'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/signing-keys.js'
import { makeSigningKey, openPrivateKey, type SigningAlg } from './make-signing-key.js'

/** A key that tokens are verified with. */
export interface VerificationKey {
  readonly kid: string
  readonly alg: SigningAlg
  readonly publicKey: KeyObject
}

/** A key that tokens are signed with. */
export interface SigningKey {
  readonly kid: string
  readonly alg: SigningAlg
  readonly privateKey: KeyObject
}

/** The keys in use at this moment: one signs, all that are known verify. */
export interface KeyRing {
  readonly signingKey: () => SigningKey
  readonly verificationKey: (kid: string) => VerificationKey | undefined
  /** RFC 7517, public halves only. */
  readonly jwks: () => { readonly keys: readonly JWK[] }
  /** Reads the keys again, in case another process changed them. */
  readonly reload: () => Promise<void>
  /** Announces a key when the active one is old, and drops those whose last token has expired. */
  readonly maintain: () => Promise<void>
  /** Announces the next key; one that is announced already is enough. */
  readonly rotate: () => Promise<KeyStatus>
  /** Takes a key away at once, with every token it signed; false when there is none of this id. */
  readonly revoke: (kid: string) => Promise<boolean>
  readonly list: () => readonly KeyStatus[]
}

/** Where a key stands. Times in milliseconds. */
export interface KeyStatus {
  readonly kid: string
  readonly alg: SigningAlg
  readonly state: 'announced' | 'active' | 'retiring'
  readonly created_at: number
  readonly activates_at: number
}

interface Needs {
  readonly clock: Clock
  readonly sealKey: Buffer
  readonly alg: SigningAlg
  readonly store: {
    listSigningKeys(): Promise<StoredSigningKey[]>
    insertSigningKey(key: StoredSigningKey): Promise<void>
    replaceSigningKey(kid: string, successor: StoredSigningKey | undefined): Promise<boolean>
  }
}

interface LoadedKey extends StoredSigningKey {
  readonly verification: VerificationKey
  readonly signing: SigningKey
  readonly jwk: JWK
}

const minute = 60_000
/** A verifier may hold a JWKS for 10 minutes, got through a cache that holds it for 5. */
const announceMilliseconds = 15 * minute
/** After this, no token of a retired key is alive; the leeway is for clocks that are behind. */
const retireMilliseconds = Math.max(...Object.values(jwtKinds).map(({ ttlSeconds }) => ttlSeconds)) * 1000 + minute
const maxAgeMilliseconds = 30 * 24 * 60 * minute

/** Loads the signing keys, making the first one where there is none. */
export async function openKeyRing(needs: Needs): Promise<KeyRing> {
  const { clock, store, alg } = needs
  /** Newest first. */
  let keys: readonly LoadedKey[] = []

  const reload = async () => {
    const stored = await store.listSigningKeys()
    keys = stored.map((key) => keys.find(({ kid }) => kid === key.kid) ?? loadKey(needs, key))
  }
  const add = async (activatesAt: number) => {
    await store.insertSigningKey(await makeSigningKey(needs, activatesAt))
    await reload()
  }
  /** The newest key whose time has come; its algorithm changes with it. */
  const active = () => keys.find(({ activates_at }) => activates_at <= clock.now())
  const announced = () => keys.find(({ activates_at }) => activates_at > clock.now())

  await reload()
  if (!active()) await add(clock.now())
  if (keys[0]?.alg !== alg) await add(clock.now() + announceMilliseconds)

  const statusOf = (key: LoadedKey): KeyStatus => ({
    kid: key.kid,
    alg: key.alg,
    state: key.activates_at > clock.now() ? 'announced' : key === active() ? 'active' : 'retiring',
    created_at: key.created_at,
    activates_at: key.activates_at,
  })

  const rotate = async () => {
    if (!announced()) await add(clock.now() + announceMilliseconds)
    const next = announced()
    if (!next) throw new StartError('the new signing key was taken away again')
    return statusOf(next)
  }

  return {
    signingKey() {
      const key = active()
      if (!key) throw new StartError('there is no active signing key')
      return key.signing
    },
    verificationKey: (kid) => keys.find((key) => key.kid === kid)?.verification,
    jwks: () => ({ keys: keys.map(({ jwk }) => jwk) }),
    reload,
    async maintain() {
      await reload()
      const current = active()
      if (current && clock.now() - current.activates_at > maxAgeMilliseconds) await rotate()
      for (const key of keys) {
        const successor = successorOf(keys, key)
        if (successor && successor.activates_at + retireMilliseconds <= clock.now()) {
          await store.replaceSigningKey(key.kid, undefined)
        }
      }
      await reload()
    },
    rotate,
    async revoke(kid) {
      const isLastActive = active()?.kid === kid
      const successor = isLastActive ? await makeSigningKey(needs, clock.now()) : undefined
      const revoked = await store.replaceSigningKey(kid, successor)
      await reload()
      return revoked
    },
    list: () => keys.map(statusOf),
  }
}

/** The key that took over from this one. */
const successorOf = (keys: readonly LoadedKey[], key: LoadedKey) => keys[keys.indexOf(key) - 1]

function loadKey(needs: Needs, key: StoredSigningKey): LoadedKey {
  const jwk: JWK = JSON.parse(key.public_jwk)
  const { kid, alg } = key
  return {
    ...key,
    jwk,
    signing: { kid, alg, privateKey: createPrivateKey(openPrivateKey(needs.sealKey, key)) },
    verification: { kid, alg, publicKey: createPublicKey({ key: JSON.parse(key.public_jwk), format: 'jwk' }) },
  }
}
