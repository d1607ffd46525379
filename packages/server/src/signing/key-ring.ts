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
  /** Announces the next key; one that is announced already is enough. {@link reload} once the store's transaction is over. */
  readonly rotate: (store: KeyStore) => Promise<KeyStatus>
  /** Takes a key away, with every token it signed, and gives those that are left; undefined when there is none of this id. */
  readonly revoke: (store: KeyStore, kid: string) => Promise<readonly KeyStatus[] | undefined>
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

/** Where signing keys are kept. */
export interface KeyStore {
  listSigningKeys(): Promise<StoredSigningKey[]>
  succeedSigningKey(key: StoredSigningKey, predecessor: string | undefined): Promise<boolean>
  replaceSigningKey(kid: string, successor: StoredSigningKey | undefined): Promise<boolean>
}

interface Needs {
  readonly clock: Clock
  readonly sealKey: Buffer
  readonly alg: SigningAlg
  readonly store: KeyStore
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

/** Loads the signing keys, making the first one where there is none, and the next one when the algorithm has changed. */
export async function openKeyRing(needs: Needs): Promise<KeyRing> {
  const held = await holdKeys(needs)
  const { clock, alg } = needs
  if (!held.active()) await held.add(clock.now())
  // also where a key of the former algorithm is announced: the one that was asked for last signs in the end
  if (held.all()[0]?.alg !== alg) await held.add(clock.now() + announceMilliseconds)
  return {
    signingKey() {
      const key = held.active()
      if (!key) throw new StartError('there is no active signing key')
      return key.signing
    },
    verificationKey: (kid) => held.all().find((key) => key.kid === kid)?.verification,
    jwks: () => ({ keys: held.all().map(({ jwk }) => jwk) }),
    reload: held.reload,
    list: () => statusesOf(held.all(), clock.now()),
    rotate: (store) => rotate({ ...needs, store }),
    revoke: (store, kid) => revoke({ ...needs, store }, kid),
    maintain: () => maintain(needs, held),
  }
}

/** The keys in memory, newest first. */
interface HeldKeys {
  readonly all: () => readonly LoadedKey[]
  /** The newest key whose time has come; its algorithm comes with it. */
  readonly active: () => LoadedKey | undefined
  readonly reload: () => Promise<void>
  readonly add: (activatesAt: number) => Promise<void>
}

async function holdKeys(needs: Needs): Promise<HeldKeys> {
  const { clock, store } = needs
  let keys: readonly LoadedKey[] = []
  const reload = async () => {
    const stored = await store.listSigningKeys()
    keys = stored.map((key) => keys.find(({ kid }) => kid === key.kid) ?? loadKey(needs, key))
  }
  await reload()
  return {
    all: () => keys,
    active: () => activeOf(keys, clock.now()),
    reload,
    async add(activatesAt) {
      // where another process was faster, its key is as good
      await store.succeedSigningKey(await makeSigningKey(needs, activatesAt), keys[0]?.kid)
      await reload()
    },
  }
}

async function rotate({ store, ...needs }: Needs): Promise<KeyStatus> {
  const now = needs.clock.now()
  const announced = (keys: readonly StoredSigningKey[]) =>
    statusesOf(keys, now).find(({ state }) => state === 'announced')
  const stored = await store.listSigningKeys()
  if (!announced(stored)) {
    const from = Math.max(now, stored[0]?.activates_at ?? 0)
    await store.succeedSigningKey(await makeSigningKey(needs, from + announceMilliseconds), stored[0]?.kid)
  }
  const next = announced(await store.listSigningKeys())
  if (!next) throw new StartError('the new signing key was taken away again')
  return next
}

async function revoke({ store, ...needs }: Needs, kid: string): Promise<readonly KeyStatus[] | undefined> {
  const now = needs.clock.now()
  const active = statusesOf(await store.listSigningKeys(), now).find(({ state }) => state === 'active')
  // whoever takes the signing key away needs another at once; verifiers fetch an unknown key
  const successor = active?.kid === kid ? await makeSigningKey(needs, now) : undefined
  if (!(await store.replaceSigningKey(kid, successor))) return undefined
  return statusesOf(await store.listSigningKeys(), now)
}

async function maintain(needs: Needs, held: HeldKeys): Promise<void> {
  const { clock, store } = needs
  await held.reload()
  const active = held.active()
  if (active && clock.now() - active.activates_at > maxAgeMilliseconds) await rotate(needs)
  for (const [index, key] of held.all().entries()) {
    const successor = held.all()[index - 1]
    const isGone = successor && successor.activates_at + retireMilliseconds <= clock.now()
    if (isGone) await store.replaceSigningKey(key.kid, undefined)
  }
  await held.reload()
}

/** How keys, the one to be used last first, stand at a time. */
function statusesOf(keys: readonly StoredSigningKey[], now: number): KeyStatus[] {
  const active = activeOf(keys, now)
  return keys.map(({ kid, alg, created_at, activates_at }) => {
    const other = activates_at > now ? 'announced' : 'retiring'
    return { kid, alg, state: kid === active?.kid ? 'active' : other, created_at, activates_at }
  })
}

/** The newest key whose time has come. Where a clock that was ahead made the first one, that one signs all the same. */
const activeOf = <Key extends StoredSigningKey>(keys: readonly Key[], now: number): Key | undefined =>
  keys.find(({ activates_at }) => activates_at <= now) ?? keys.at(-1)

function loadKey(needs: Needs, key: StoredSigningKey): LoadedKey {
  const jwk: JWK = JSON.parse(key.public_jwk)
  const { kid, alg } = key
  return {
    ...key,
    jwk,
    signing: { kid, alg, privateKey: createPrivateKey(openPrivateKey(needs.sealKey, key)) },
    verification: { kid, alg, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) },
  }
}
