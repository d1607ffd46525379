import type { KeyObject } from 'node:crypto'
import { importPublicKey, jwtKinds, type PublicKey, type TokenAlg } from '@hallpass/contracts'
import type { JWK } from 'jose'
import type { Clock } from '../clock.js'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import { StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/queries/signing-keys.js'
import type { Store } from '../store/store.js'
import { ChangedSigningKey, makeSigningKey, openKeyPair } from './make-signing-key.js'

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

/** The keys in use: one signs, and all known keys verify. */
export interface KeyRing {
  readonly signingKey: () => SigningKey
  readonly verificationKey: (kid: string) => VerificationKey | undefined
  /** RFC 7517, public keys only. */
  readonly jwks: () => { readonly keys: readonly JWK[] }
  /** Reads the keys again, in case another process changed them. */
  readonly reload: () => Promise<void>
  /** Announces a key if the active one is old, and drops keys whose last token has expired. */
  readonly maintain: () => Promise<void>
  /**
   * Announces the next key, unless one is already announced. Call {@link reload} once the store's transaction is over.
   */
  readonly rotate: (store: KeyDecisions) => Promise<KeyStatus>
  /**
   * Removes a key, which invalidates every token it signed. Returns the remaining keys, or undefined if no key has this
   * id.
   */
  readonly revoke: (store: KeyDecisions, kid: string) => Promise<readonly KeyStatus[] | undefined>
  readonly list: () => readonly KeyStatus[]
}

/** The state of a key. Times in milliseconds. */
export interface KeyStatus {
  readonly kid: string
  readonly alg: TokenAlg
  readonly state: 'announced' | 'active' | 'retiring'
  readonly created_at: number
  readonly activates_at: number
}

/** The changes of signing keys, in one transaction. */
export type KeyDecisions = Pick<Store, 'lockSigningKeys' | 'succeedSigningKey' | 'replaceSigningKey' | 'lockSetting'>
type KeyRows = KeyDecisions & Pick<Store, 'listSigningKeys'>

/** The storage of signing keys. */
export interface KeyStore extends KeyRows {
  transaction<T>(run: (store: KeyRows) => Promise<T>): Promise<T>
}

interface Deps {
  readonly clock: Clock
  readonly dataKeys: Pick<DataKeyRing, 'byId' | 'current' | 'reload'>
  /** Of new keys. If it is given, a newest key of another algorithm gets a successor at the start. */
  readonly alg: TokenAlg | undefined
  readonly store: KeyStore
  /** Called once for each row that can't be used, with the reason. */
  readonly onRefused?: (refused: { readonly kid: string; readonly reason: string }) => void
}

interface LoadedKey extends Pick<StoredSigningKey, 'kid' | 'alg' | 'created_at' | 'activates_at'> {
  readonly verification: VerificationKey
  readonly signing: SigningKey
  readonly jwk: JWK
}

const minute = 60_000
/** A verifier may keep a JWKS for 10 minutes, and may get it from a cache that keeps it for 5. */
const announceMilliseconds = 15 * minute
/** After this time, every token of a retired key has expired, with a leeway for clocks that are behind. */
const retireMilliseconds = Math.max(...Object.values(jwtKinds).map(({ ttlSeconds }) => ttlSeconds)) * 1000 + minute
const maxAgeMilliseconds = 30 * 24 * 60 * minute

/** Loads the signing keys. Makes the first one if there is none, and the next one if the algorithm has changed. */
export async function openKeyRing(deps: Deps): Promise<KeyRing> {
  const held = await holdKeys(deps)
  const { clock, alg } = deps
  if (!held.active()) await held.add(clock.now())
  // even if a key of the previous algorithm is announced: the algorithm in the settings must win in the end
  if (alg !== undefined && held.all()[0]?.alg !== alg) await held.add(clock.now() + announceMilliseconds)
  return {
    signingKey() {
      const key = held.active()
      if (!key) throw new StartError('There is no active signing key.')
      return key.signing
    },
    verificationKey: (kid) => held.all().find((key) => key.kid === kid)?.verification,
    jwks: () => ({ keys: held.all().map(({ jwk }) => jwk) }),
    reload: held.reload,
    list: () => statusesOf(held.all(), clock.now()),
    rotate: (store) => rotate({ ...deps, store }, held),
    revoke: (store, kid) => revoke({ ...deps, store }, held, kid),
    maintain: () => maintain(deps, held),
  }
}

/** The keys in memory, newest first. */
interface HeldKeys {
  readonly all: () => readonly LoadedKey[]
  /** The newest active key, which determines the algorithm. */
  readonly active: () => LoadedKey | undefined
  readonly reload: () => Promise<void>
  readonly add: (activatesAt: number) => Promise<void>
  /** The keys of the rows that are unchanged and can be opened. */
  readonly load: (rows: readonly StoredSigningKey[]) => Promise<readonly LoadedKey[]>
}

async function holdKeys(deps: Deps): Promise<HeldKeys> {
  const { clock, dataKeys, store } = deps
  let keys: readonly LoadedKey[] = []
  const reported = new Set<string>()
  const refuse = (kid: string, { message: reason }: Error) => {
    if (!reported.has(reason)) deps.onRefused?.({ kid, reason })
    reported.add(reason)
  }
  const load = async (rows: readonly StoredSigningKey[]) => {
    const loaded: LoadedKey[] = []
    for (const row of rows) {
      const known = keys.find(({ kid }) => kid === row.kid)
      const key = known ?? (await loadKey(dataKeys, row))
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
  const reload = async () => {
    await dataKeys.reload()
    keys = await load(await store.listSigningKeys())
  }
  keys = await loadFirst(await store.listSigningKeys())
  return {
    all: () => keys,
    active: () => activeOf(keys, clock.now()),
    reload,
    async add(activatesAt) {
      await store.transaction(async (tx) => {
        const [newest] = await tx.listSigningKeys()
        // if another process was faster, its key is as good
        if (newest && (await load([newest])).length > 0 && newest.kid !== keys[0]?.kid) return
        await tx.succeedSigningKey(await makeKeyIn(deps, tx, activatesAt), newest?.kid)
      })
      await reload()
    },
    load,
  }
}

/** Under the data key that is the newest until the transaction ends: under another, the key could be lost. */
const makeKeyIn = async (deps: Pick<Deps, 'clock' | 'alg' | 'dataKeys'>, tx: KeyDecisions, activatesAt: number) =>
  makeSigningKey(deps, await deps.dataKeys.current(tx), activatesAt)

type Changing = Omit<Deps, 'store'> & { readonly store: KeyDecisions }

/** Locks the data key first, then the signing keys, in the same order as a rotation of the data key. */
async function lockKeys({ store, dataKeys }: Changing): Promise<readonly StoredSigningKey[]> {
  await dataKeys.current(store)
  return store.lockSigningKeys()
}

async function rotate(deps: Changing, held: HeldKeys): Promise<KeyStatus> {
  const { store } = deps
  const stored = await lockKeys(deps)
  const now = deps.clock.now()
  const findAnnounced = async (rows: readonly StoredSigningKey[]) =>
    statusesOf(await held.load(rows), now).find(({ state }) => state === 'announced')
  const announced = await findAnnounced(stored)
  if (announced) return announced
  const from = Math.max(now, (await held.load(stored))[0]?.activates_at ?? 0)
  await store.succeedSigningKey(await makeKeyIn(deps, store, from + announceMilliseconds), stored[0]?.kid)
  const next = await findAnnounced(await store.lockSigningKeys())
  if (!next) throw new StartError('The new signing key was removed again.')
  return next
}

async function revoke(deps: Changing, held: HeldKeys, kid: string): Promise<readonly KeyStatus[] | undefined> {
  const { store } = deps
  const stored = await lockKeys(deps)
  const now = deps.clock.now()
  const statuses = async (rows: readonly StoredSigningKey[]) => statusesOf(await held.load(rows), now)
  const active = (await statuses(stored)).find(({ state }) => state === 'active')
  // a removed signing key needs a successor at once, and verifiers fetch an unknown key
  const successor = active?.kid === kid ? await makeKeyIn(deps, store, now) : undefined
  if (!(await store.replaceSigningKey(kid, successor))) return undefined
  return statuses(await store.lockSigningKeys())
}

async function maintain(deps: Deps, held: HeldKeys): Promise<void> {
  const { clock, store } = deps
  await held.reload()
  const active = held.active()
  if (active && clock.now() - active.activates_at > maxAgeMilliseconds) {
    await store.transaction((tx) => rotate({ ...deps, store: tx }, held))
  }
  for (const [index, key] of held.all().entries()) {
    const successor = held.all()[index - 1]
    const isGone = successor && successor.activates_at + retireMilliseconds <= clock.now()
    if (isGone) await store.replaceSigningKey(key.kid, undefined)
  }
  await held.reload()
}

/** The state of each key at a time. The keys are given in order of activation, the last one first. */
function statusesOf(keys: readonly LoadedKey[], now: number): KeyStatus[] {
  const active = activeOf(keys, now)
  return keys.map(({ kid, alg, created_at, activates_at }) => {
    const other = activates_at > now ? 'announced' : 'retiring'
    return { kid, alg, state: kid === active?.kid ? 'active' : other, created_at, activates_at }
  })
}

/** The newest active key. If a clock that was ahead made the first key, that key is active all the same. */
const activeOf = (keys: readonly LoadedKey[], now: number): LoadedKey | undefined =>
  keys.find(({ activates_at }) => activates_at <= now) ?? keys.at(-1)

/** A usable key, or the reason why it can't be used. */
async function loadKey(dataKeys: Deps['dataKeys'], row: StoredSigningKey): Promise<LoadedKey | StartError> {
  const { kid, alg, created_at, activates_at } = row
  try {
    const { privateKey, jwk } = await openKeyPair(dataKeys, row)
    const publicKey = await importPublicKey(jwk)
    if (!publicKey) return new StartError(`The public key of the signing key ${kid} cannot be used.`)
    const signing = { kid, alg, privateKey }
    return { kid, alg, created_at, activates_at, jwk, signing, verification: { kid, ...publicKey } }
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
}
