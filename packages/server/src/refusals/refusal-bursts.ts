import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { formatUuid } from '../ids.js'
import type { Store } from '../store/store.js'
import { toEvent } from '../webhooks/webhook-event.js'

/** Refusals of one account that were more than fit into a minute's sample. */
export interface RefusalBurst {
  readonly accountId: string
  readonly operation: string
  readonly reason: string
}

interface Deps {
  readonly clock: Clock
  readonly store: Pick<Store, 'findSubscribedTypes' | 'addWebhookEvent'>
  readonly log: Pick<Logger, 'warn'>
}

/** One kind of burst is reported once in this time, by all servers together. */
const windowMilliseconds = 10 * 60_000
/** So that memory is bounded. */
const maxKinds = 10_000

export interface RefusalBursts {
  /** Notes a burst. Does nothing else, and never throws. */
  readonly note: (burst: RefusalBurst) => void
  /** Writes what was noted so far. Never throws. */
  readonly flush: () => Promise<void>
}

/** Tells accounts of bursts of refusals. The id of the event comes from its kind and time, so servers agree on it. */
export function createRefusalBursts(deps: Deps): RefusalBursts {
  let window = 0
  let known = new Set<string>()
  let pending: (RefusalBurst & { readonly kind: string })[] = []
  return {
    note(burst) {
      const current = Math.floor(deps.clock.now() / windowMilliseconds)
      if (current !== window) known = new Set()
      window = current
      const kind = `${burst.accountId} ${burst.operation} ${burst.reason}`
      if (known.has(kind) || known.size >= maxKinds) return
      known.add(kind)
      pending.push({ ...burst, kind })
    },
    async flush() {
      const bursts = pending
      pending = []
      for (const { accountId, operation, reason, kind } of bursts) {
        const id = `evt_${idOf(kind, window * windowMilliseconds)}`
        const fact = { type: 'refusal.burst', subject: `${operation} ${reason}`, data: { operation, reason } } as const
        try {
          if ((await deps.store.findSubscribedTypes(accountId)).size === 0) continue
          await deps.store.addWebhookEvent(accountId, toEvent(deps.clock, fact, id))
        } catch (cause) {
          deps.log.warn({ cause }, 'A burst of refusals could not be reported.')
        }
      }
    },
  }
}

/** A UUID with this time whose other bits come from the text. */
function idOf(text: string, milliseconds: number): string {
  const bytes = createHash('sha256').update(text).digest()
  bytes.writeUIntBE(milliseconds, 0, 6)
  return formatUuid(bytes, 7)
}
