import type { TokenAlg } from '@hallpass/contracts'
import type { JWK } from 'jose'
import type { Clock } from '../clock.js'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import { StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/queries/signing-keys.js'
import type { Store } from '../store/store.js'
import { toEvent } from '../webhooks/webhook-event.js'
import { type HeldKeys, holdKeys, type SigningKey, type VerificationKey } from './held-keys.js'
import {
  activeOf,
  announceMilliseconds,
  type Chain,
  chainOf,
  forAlg,
  type KeyStatus,
  maxAgeMilliseconds,
  ofChain,
  ofServer,
  retireMilliseconds,
  statusesOf,
} from './key-states.js'
import { makeSigningKey } from './make-signing-key.js'

/** The keys in use: one signs for each algorithm, and all known keys verify. */
export interface KeyRing {
  /** The server's own, or the one for client keys with this algorithm. The server's own if there is none yet. */
  readonly signingKey: (alg?: TokenAlg) => SigningKey
  /** Of the server's own keys, those to come and those of valid tokens included. */
  readonly algs: () => readonly TokenAlg[]
  readonly verificationKey: (kid: string) => VerificationKey | undefined
  /** RFC 7517, public keys only. The same object while no key changes. */
  readonly jwks: () => { readonly keys: readonly JWK[] }
  /** Reads the keys again, in case another process changed them. */
  readonly reload: () => Promise<void>
  /** Makes the keys that are missing, announces one if the active one is old, and drops keys without valid tokens. */
  readonly maintain: () => Promise<void>
  /**
   * Announces the server's next key, and the next one of each other algorithm, unless one is already announced. Call
   * {@link reload} once the store's transaction is over.
   */
  readonly rotate: (store: KeyDecisions) => Promise<KeyStatus>
  /**
   * Removes a key, which invalidates every token it signed. Returns the remaining keys, or undefined if no key has this
   * id.
   */
  readonly revoke: (store: KeyDecisions, kid: string) => Promise<readonly KeyStatus[] | undefined>
  /** Makes the first key for client keys with an algorithm, unless there is one. It signs at once, or once announced. */
  readonly use: (store: KeyDecisions, alg: TokenAlg, begins: 'at once' | 'announced') => Promise<void>
  readonly list: () => readonly KeyStatus[]
}

/** The changes of signing keys, in one transaction. */
export type KeyDecisions = Pick<
  Store,
  | 'lockSigningKeys'
  | 'succeedSigningKey'
  | 'replaceSigningKey'
  | 'lockSetting'
  | 'noteUnusedSince'
  | 'addServerWebhookEvent'
>
type KeyRows = KeyDecisions & Pick<Store, 'listSigningKeys' | 'listSessionAlgs'>

/** The storage of signing keys. */
export interface KeyStore extends KeyRows {
  transaction<T>(run: (store: KeyRows) => Promise<T>): Promise<T>
}

interface Deps {
  readonly clock: Clock
  readonly dataKeys: Pick<DataKeyRing, 'byId' | 'current' | 'reload'>
  /** Of the server's new keys. If it is given, a newest key of another algorithm gets a successor at the start. */
  readonly alg: TokenAlg | undefined
  readonly store: KeyStore
  /** Called once for each row that can't be used, with the reason. */
  readonly onRefused?: (refused: { readonly kid: string; readonly reason: string }) => void
}

/** Loads the signing keys. Makes the first ones if they are missing, and the next one if the algorithm has changed. */
export async function openKeyRing(deps: Deps): Promise<KeyRing> {
  const held = await holdKeys(deps)
  const { clock, alg } = deps
  if (ofChain(held.all(), ofServer).length === 0) await addKey(deps, held, ofServer, clock.now())
  // even if a key of the previous algorithm is announced: the algorithm in the settings must win in the end
  if (alg !== undefined && ofChain(held.all(), ofServer)[0]?.alg !== alg) {
    await addKey(deps, held, ofServer, clock.now() + announceMilliseconds)
  }
  await addMissing(deps, held)
  return {
    signingKey(wanted) {
      const own = wanted && activeOf(held.all(), forAlg(wanted), clock.now())
      const key = own ?? activeOf(held.all(), ofServer, clock.now())
      if (!key) throw new StartError('There is no active signing key.')
      return key.signing
    },
    algs: () => [...new Set(ofChain(held.all(), ofServer).map((key) => key.alg))],
    verificationKey: (kid) => held.all().find((key) => key.kid === kid)?.verification,
    jwks: () => held.jwks(),
    reload: held.reload,
    list: () => statusesOf(held.all(), clock.now()),
    rotate: (store) => rotate({ ...deps, store }, held),
    revoke: (store, kid) => revoke({ ...deps, store }, held, kid),
    use: (store, alg, begins) => use({ ...deps, store }, alg, begins),
    maintain: () => maintain(deps, held),
  }
}

/** Adds a key to the end of a chain. If another process was faster, its key is as good. */
async function addKey(deps: Deps, held: HeldKeys, chain: Chain, activatesAt: number): Promise<void> {
  const known = ofChain(held.all(), chain)[0]?.kid
  await deps.store.transaction(async (tx) => {
    const [newest] = ofChain(await tx.listSigningKeys(), chain)
    if (newest && (await held.load([newest])).length > 0 && newest.kid !== known) return
    await succeed({ ...deps, store: tx }, await makeKeyIn(deps, tx, chain, activatesAt), newest?.kid)
  })
  await held.reload()
}

/** The keys for client keys whose algorithm came from a fixture, or that a server of an older version added. */
async function addMissing(deps: Deps, held: HeldKeys): Promise<void> {
  for (const alg of await deps.store.listSessionAlgs()) {
    if (ofChain(held.all(), forAlg(alg)).length === 0) await addKey(deps, held, forAlg(alg), deps.clock.now())
  }
}

/** Under the data key that is the newest until the transaction ends: under another, the key could be lost. */
async function makeKeyIn(
  deps: Pick<Deps, 'clock' | 'alg' | 'dataKeys'>,
  tx: KeyDecisions,
  chain: Chain,
  activates_at: number,
): Promise<StoredSigningKey> {
  const { clock, alg } = { ...deps, ...chain }
  const purpose = { activates_at, for_client_keys: chain.for_client_keys }
  return makeSigningKey({ clock, alg }, await deps.dataKeys.current(tx), purpose)
}

type Changing = Omit<Deps, 'store'> & { readonly store: KeyDecisions }

/** Locks the data key first, then the signing keys, in the same order as a rotation of the data key. */
async function lockKeys({ store, dataKeys }: Changing): Promise<readonly StoredSigningKey[]> {
  await dataKeys.current(store)
  return store.lockSigningKeys()
}

async function rotate(deps: Changing, held: HeldKeys): Promise<KeyStatus> {
  const stored = await lockKeys(deps)
  const used = stored.filter(({ unused_since }) => unused_since === null)
  const algs = new Set(used.flatMap((key) => (key.for_client_keys === null ? [] : [key.alg])))
  for (const alg of algs) await rotateChain(deps, held, forAlg(alg))
  return rotateChain(deps, held, ofServer)
}

async function rotateChain(deps: Changing, held: HeldKeys, chain: Chain): Promise<KeyStatus> {
  const { store } = deps
  const stored = ofChain(await lockKeys(deps), chain)
  const now = deps.clock.now()
  const findAnnounced = async (rows: readonly StoredSigningKey[]) =>
    statusesOf(await held.load(ofChain(rows, chain)), now).find(({ state }) => state === 'announced')
  const announced = await findAnnounced(stored)
  if (announced) return announced
  const from = Math.max(now, (await held.load(stored))[0]?.activates_at ?? 0)
  await succeed(deps, await makeKeyIn(deps, store, chain, from + announceMilliseconds), stored[0]?.kid)
  const next = await findAnnounced(await store.lockSigningKeys())
  if (!next) throw new StartError('The new signing key was removed again.')
  return next
}

async function revoke(deps: Changing, held: HeldKeys, kid: string): Promise<readonly KeyStatus[] | undefined> {
  const { store } = deps
  const stored = await lockKeys(deps)
  const now = deps.clock.now()
  const statuses = async (rows: readonly StoredSigningKey[]) => statusesOf(await held.load(rows), now)
  const isActive = (await statuses(stored)).some((status) => status.kid === kid && status.state === 'active')
  const revoked = stored.find((key) => key.kid === kid)
  // a removed signing key needs a successor at once, and verifiers fetch an unknown key
  const successor = isActive && revoked ? await makeKeyIn(deps, store, chainOf(revoked), now) : undefined
  if (!(await store.replaceSigningKey(kid, successor))) return undefined
  await tell(deps, 'signing_key.revoked', kid)
  if (successor) await tell(deps, 'signing_key.announced', successor.kid)
  return statuses(await store.lockSigningKeys())
}

/** Adds a key to the end of a chain and tells of it, unless another process was faster. */
async function succeed(deps: Changing, key: StoredSigningKey, predecessor: string | undefined): Promise<void> {
  if (await deps.store.succeedSigningKey(key, predecessor)) await tell(deps, 'signing_key.announced', key.kid)
}

/** Signing keys are of the whole server, so every account may hear of them. */
async function tell({ clock, store }: Changing, type: 'signing_key.announced' | 'signing_key.revoked', kid: string) {
  await store.addServerWebhookEvent(toEvent(clock, { type, subject: kid, data: { kid } }))
}

async function use(deps: Changing, alg: TokenAlg, begins: 'at once' | 'announced'): Promise<void> {
  const { store } = deps
  const present = ofChain(await lockKeys(deps), forAlg(alg))
  if (present.length > 0) return store.noteUnusedSince(alg, null)
  const activatesAt = deps.clock.now() + (begins === 'at once' ? 0 : announceMilliseconds)
  await succeed(deps, await makeKeyIn(deps, store, forAlg(alg), activatesAt), undefined)
}

async function maintain(deps: Deps, held: HeldKeys): Promise<void> {
  const { clock, store } = deps
  await held.reload()
  await addMissing(deps, held)
  const used = await store.listSessionAlgs()
  const isUsed = (chain: Chain) => chain === ofServer || used.some((alg) => 'alg' in chain && alg === chain.alg)
  const algs = new Set(held.all().flatMap((key) => (key.for_client_keys === null ? [] : [key.alg])))
  for (const chain of [ofServer, ...[...algs].map(forAlg)]) {
    if ('alg' in chain) await noteUse(deps, held, chain, isUsed(chain))
    const active = activeOf(held.all(), chain, clock.now())
    if (active && isUsed(chain) && clock.now() - active.activates_at > maxAgeMilliseconds) {
      await store.transaction((tx) => rotateChain({ ...deps, store: tx }, held, chain))
    }
    for (const [index, key] of ofChain(held.all(), chain).entries()) {
      const successor = ofChain(held.all(), chain)[index - 1]
      const isGone = successor && successor.activates_at + retireMilliseconds <= clock.now()
      if (isGone) await store.replaceSigningKey(key.kid, undefined)
    }
  }
  await held.reload()
}

/** Notes whether client keys have an algorithm. Once none had it for long, its keys are removed. */
async function noteUse(deps: Deps, held: HeldKeys, chain: ReturnType<typeof forAlg>, isUsed: boolean): Promise<void> {
  const { clock, store } = deps
  const keys = ofChain(held.all(), chain)
  const since = keys.find(({ unused_since }) => unused_since !== null)?.unused_since ?? undefined
  if (isUsed) return since === undefined ? undefined : store.noteUnusedSince(chain.alg, null)
  if (since === undefined) return store.noteUnusedSince(chain.alg, clock.now())
  if (since + retireMilliseconds > clock.now()) return
  // a client key that gets the algorithm meanwhile waits for the lock, and makes a new key
  await store.transaction(async (tx) => {
    await lockKeys({ ...deps, store: tx })
    if ((await tx.listSessionAlgs()).includes(chain.alg)) return
    for (const { kid } of keys) await tx.replaceSigningKey(kid, undefined)
  })
}
