import type { Dialect, IdempotencyPolicy } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { keyedHash } from '../crypto/keyed-hash.js'
import { learnAndOpen, sealNumbered } from '../crypto/numbered-seal.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import type { IdempotencyScope } from '../store/queries/idempotency-keys.js'
import type { Store } from '../store/store.js'
import { canonicalJson } from './canonical-json.js'

/** After a crash, a key becomes free at the latest after this time. */
const leaseMilliseconds = 30_000
const claimAttempts = 3

interface Deps {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly store: Store
}

/** A call that carries an idempotency key. */
export interface KeyedCall {
  /** The calling key. */
  readonly apiKey: { readonly id: string; readonly accountId: string }
  /** The account that it acts for. */
  readonly account: { readonly id: string }
  readonly operation: string
  /** The dialect of its refusals. */
  readonly dialect: Dialect
  readonly key: string
  readonly input: unknown
  readonly policy: IdempotencyPolicy
}

/**
 * The work: `check` refuses what is no longer allowed, and `run` runs in the transaction. If there is a
 * `beforeTransaction`, it is committed between the two; otherwise `check` runs in the transaction too.
 */
export interface Work<T> {
  readonly check: (store: Store) => Promise<void>
  readonly beforeTransaction?: (() => Promise<void>) | undefined
  readonly run: (store: Store) => Promise<T>
}

/** Does the work once for a key. A repeat gets the remembered response. Only successes are remembered. */
export async function atMostOnce<T>(
  deps: Deps,
  call: KeyedCall,
  work: Work<T>,
): Promise<{ answer: T; replayed: boolean }> {
  const scope = scopeOf(deps.keys, call)
  const { apiKey, input, policy } = call
  const fingerprint = keyedHash(
    deps.keys.idempotencyHash,
    canonicalJson(policy.sameKeyOnly ? { apiKeyId: apiKey.id, input } : input),
  )
  for (let attempt = 0; attempt < claimAttempts; attempt++) {
    const first = await runFirst(
      deps,
      { scope, claimId: newId(deps.clock), fingerprint, dialect: call.dialect, policy: call.policy },
      work,
    )
    if (first) return { answer: first.answer, replayed: false }
    const remembered = await deps.store.findIdempotencyKey(scope)
    // the first request was refused in the meantime and freed the key: claim it again
    if (!remembered) continue
    if (remembered.fingerprint !== fingerprint) throw reused(call)
    if (remembered.sealedAnswer === null) throw running(call)
    await work.check(deps.store)
    const sealed = remembered.sealedAnswer
    const plaintext = await learnAndOpen(deps.keys.ring, 'answer', sealed, sealContext(scope, fingerprint))
    if (plaintext === undefined) throw forgotten(call)
    // run sealed it, and this is run's type
    return { answer: JSON.parse(plaintext) as T, replayed: true }
  }
  throw running(call)
}

interface Claim {
  readonly scope: IdempotencyScope
  readonly claimId: string
  readonly fingerprint: string
  readonly dialect: Dialect
  readonly policy: IdempotencyPolicy
}

/** The change and the remembered response are committed together. Undefined if the key is taken. */
async function runFirst<T>(deps: Deps, claim: Claim, work: Work<T>): Promise<{ readonly answer: T } | undefined> {
  const { scope, claimId, fingerprint } = claim
  try {
    if (!(await claimKey(deps, claim))) return undefined
    if (work.beforeTransaction) {
      await work.check(deps.store)
      await work.beforeTransaction()
    }
    const answer = await deps.store.transaction(async (store) => {
      if (!work.beforeTransaction) await work.check(store)
      const value = await work.run(store)
      const message = { plaintext: JSON.stringify(value), context: sealContext(scope, fingerprint) }
      const sealed = sealNumbered(deps.keys.ring.active(), 'answer', message, deps.clock.random)
      if (!(await store.rememberAnswer(scope, claimId, sealed))) throw running(claim)
      return value
    })
    return { answer }
  } catch (error) {
    // The claim may have succeeded even though its response was lost. If the release fails too, the lease expires.
    await deps.store.releaseIdempotencyKey(scope, claimId).catch(() => {})
    throw error
  }
}

function claimKey(deps: Deps, { scope, claimId, fingerprint, policy }: Claim): Promise<boolean> {
  const now = deps.clock.now()
  const times = { leaseUntil: now + leaseMilliseconds, expiresAt: now + policy.ttlSeconds * 1000 }
  return deps.store.claimIdempotencyKey(scope, { claimId, fingerprint, ...times }, now)
}

function scopeOf(keys: DerivedKeys, call: KeyedCall): IdempotencyScope {
  const { apiKey, account, operation } = call
  return {
    accountId: apiKey.accountId,
    actingAccountId: account.id,
    operation,
    keyHash: keyedHash(keys.idempotencyHash, call.key),
  }
}

const sealContext = (scope: IdempotencyScope, fingerprint: string) =>
  ['answer', scope.accountId, scope.actingAccountId, scope.operation, scope.keyHash, fingerprint].join(' ')

const reused = ({ dialect, policy }: KeyedCall) => {
  return conflict(dialect, policy.sameKeyOnly ? messages.keyReusedOrForeign : messages.keyReused)
}

/** The remembered response was lost with its data key. The work was done, so it isn't repeated. */
const forgotten = ({ dialect }: KeyedCall) => conflict(dialect, messages.responseDeleted)

const conflict = (dialect: Dialect, message: string) => new HallpassError('idempotency_conflict', message, { dialect })

const running = ({ dialect }: Pick<KeyedCall, 'dialect'>) => {
  const message = messages.stillRunning
  return new HallpassError('idempotency_in_progress', message, { dialect, retryAfter: 1 })
}
