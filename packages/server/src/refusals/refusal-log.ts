import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { keyedHash } from '../crypto/keyed-hash.js'
import type { HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import type { StoredRefusal } from '../store/queries/refusals.js'
import type { Store } from '../store/store.js'
import { explainRefusal } from './explain-refusal.js'
import { createRefusalBursts } from './refusal-bursts.js'

/** How long a refusal is kept. */
export const refusalMilliseconds = 24 * 3_600_000
/**
 * How many of the newest refusals are kept, for one account (or for unknown callers) and in total. The database never
 * holds more.
 */
const keptPerAccount = 500
export const keptInAll = 20_000
/** How many refusals a minute are kept: of the same account, operation and reason, and in total. */
const likePerMinute = 20
const allPerMinute = 1_200
/** Refusals are collected for this long and then written together. */
const batchMilliseconds = 250

/** A refused call, and what is known about its caller. */
export interface RefusedCall {
  readonly error: HallpassError
  /** The server's own id of the request. */
  readonly requestId: string
  /** The caller's Request-Id. */
  readonly sentId: string | undefined
  readonly traceId?: string | undefined
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

/** Stores refusals, so that an account can look up the reason. */
export interface RefusalKeeper {
  /** Notes a refusal, or skips it if there were many like it. It does nothing else and never throws. */
  readonly note: (call: RefusedCall) => void
  /** Writes the noted refusals. Never throws: a refusal that can't be written is lost. */
  readonly flush: () => Promise<void>
}

interface Deps {
  readonly clock: Clock
  readonly keys: Pick<DerivedKeys, 'requestIdHash'>
  readonly store: Pick<Store, 'transaction' | 'findSubscribedTypes' | 'addWebhookEvent'>
  readonly log: Pick<Logger, 'warn'>
  /** Whether another refusal of this kind fits into this minute. */
  readonly sample: (kind: string, perMinute: number) => boolean
}

export function createRefusalLog(deps: Deps): RefusalKeeper {
  const bursts = createRefusalBursts(deps)
  let pending: NotedCall[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const calls = pending
    pending = []
    // one after the other, so that waiting for this batch also waits for those before it
    if (calls.length > 0) writing = writing.then(() => write(deps, calls))
    writing = writing.then(bursts.flush)
    return writing
  }
  return {
    note(call) {
      const kind = `${call.accountId ?? '-'} ${call.operation ?? '-'} ${call.error.publicReason}`
      if (!deps.sample(kind, likePerMinute)) {
        const { accountId, operation } = call
        if (accountId === undefined || operation === undefined) return
        bursts.note({ accountId, operation, reason: call.error.publicReason })
        timer ??= setTimeout(flush, batchMilliseconds).unref()
        return
      }
      if (!deps.sample('all', allPerMinute)) return
      // ids keep the order of the refusals
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
    deps.log.warn({ cause }, `${calls.length} refusals could not be stored.`)
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
    traceId: call.traceId ?? null,
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
