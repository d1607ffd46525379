import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { keyedHash } from '../crypto/keyed-hash.js'
import type { HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import type { StoredRefusal } from '../store/queries/refusals.js'
import type { Store } from '../store/store.js'
import { explainRefusal } from './explain-refusal.js'

/** How long a refusal can be asked for. */
export const refusalMilliseconds = 24 * 3_600_000
/** The newest that are kept, of one account (or of nobody) and in all: the database holds no more, whatever comes in. */
const keptPerAccount = 500
export const keptInAll = 20_000
/** Like refusals (same account, operation and reason) that are kept in a minute, and all together. */
const likePerMinute = 20
const allPerMinute = 1_200
/** Refusals of this long are written together. */
const batchMilliseconds = 250

/** A call that was refused, and what is known of who made it. */
export interface RefusedCall {
  readonly error: HallpassError
  /** The server's own id of the request. */
  readonly requestId: string
  /** The caller's Request-Id. */
  readonly sentId: string | undefined
  readonly operation: string | undefined
  readonly accountId: string | undefined
  readonly apiKeyId: string | undefined
  readonly clientKeyId: string | undefined
  /** The raw input; may throw. */
  readonly input: (() => unknown) | undefined
}

interface NotedCall extends RefusedCall {
  readonly id: string
  readonly at: number
}

/** Keeps refusals, so that an account can ask why. */
export interface RefusalKeeper {
  /** Takes a refusal down, or leaves it out when there were many like it. Costs no more than that, and never throws. */
  readonly note: (call: RefusedCall) => void
  /** Writes what was taken down. Never throws: a refusal that cannot be written is lost. */
  readonly flush: () => Promise<void>
}

interface Deps {
  readonly clock: Clock
  readonly keys: Pick<DerivedKeys, 'requestIdHash'>
  readonly store: Pick<Store, 'transaction'>
  readonly log: Pick<Logger, 'warn'>
  /** Whether one more of its kind fits into this minute. */
  readonly sample: (kind: string, perMinute: number) => boolean
}

export function createRefusalLog(deps: Deps): RefusalKeeper {
  let pending: NotedCall[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const calls = pending
    pending = []
    // one after the other, so that whoever waits for this batch has waited for those before it
    if (calls.length > 0) writing = writing.then(() => write(deps, calls))
    return writing
  }
  return {
    note(call) {
      const kind = `${call.accountId ?? '-'} ${call.operation ?? '-'} ${call.error.publicReason}`
      if (!deps.sample(kind, likePerMinute) || !deps.sample('all', allPerMinute)) return
      // the id keeps the order in which calls were refused
      pending.push({ ...call, id: newId(deps.clock), at: deps.clock.now() })
      timer ??= setTimeout(flush, batchMilliseconds).unref()
    },
    flush,
  }
}

async function write(deps: Deps, calls: readonly NotedCall[]): Promise<void> {
  try {
    const described = await Promise.all(calls.map((call) => toStored(deps, call).catch(() => undefined)))
    const refusals = described.filter((refusal) => refusal !== undefined)
    await deps.store.transaction(async (store) => {
      await store.insertRefusals(refusals)
      for (const accountId of new Set(refusals.map((refusal) => refusal.accountId))) {
        await store.trimRefusals(accountId, keptPerAccount)
      }
    })
  } catch (cause) {
    deps.log.warn({ cause }, `${calls.length} refusals could not be kept`)
  }
}

async function toStored({ keys }: Deps, call: NotedCall): Promise<StoredRefusal> {
  const { error, sentId } = call
  const { rule, seen = null, fix, ...found } = await explainRefusal(error, call.input)
  return {
    id: call.id,
    accountId: call.accountId ?? found.accountId ?? null,
    requestId: call.requestId,
    sentIdHash: sentId === undefined ? null : keyedHash(keys.requestIdHash, sentId),
    at: call.at,
    operation: call.operation ?? null,
    reason: error.publicReason,
    rule,
    seen,
    fix,
    apiKeyId: call.apiKeyId ?? found.apiKeyId ?? null,
    clientKeyId: call.clientKeyId ?? found.clientKeyId ?? null,
  }
}
