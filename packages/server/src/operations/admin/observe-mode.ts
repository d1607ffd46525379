import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { type RecordChange, replaceNames } from '../../revocation/replace-names.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { endObservation } from './end-observation.js'

const dayMilliseconds = 24 * 3_600_000
const mostDays = { sandbox: 7, production: 3 } as const

/** Requires the end of observe mode to be in the near future. */
export function requireObservable(
  { environment }: Pick<Account, 'environment'>,
  observeUntil: string | null | undefined,
  now: number,
): void {
  if (!observeUntil) return
  const ahead = Date.parse(observeUntil) - now
  const days = mostDays[environment]
  if (ahead > 0 && ahead <= days * dayMilliseconds) return
  const detail = `must be in the future, at most ${days} days ahead`
  throw new HallpassError('validation_failed', messages.invalidField('observe_until', detail), {
    items: [{ reference: 'observe_until', detail }],
  })
}

interface Deps {
  readonly clock: Clock
  readonly record: RecordChange
  readonly store: Pick<Store, 'removeObservedOrigins' | 'addCutoff' | 'appendAuditEntry' | 'emptyFullFeed'>
  readonly now: number
}

/** Ends the sessions in doubt if a change of the key ended its observe mode, or found one that had run out. */
export async function endIfObserved(
  { clock, record, store, now }: Deps,
  before: Pick<ClientKey, 'observeUntil'>,
  changed: ClientKey,
): Promise<void> {
  const { observeUntil } = before
  const isOver = observeUntil !== undefined && (observeUntil <= now || changed.observeUntil === undefined)
  if (!isOver) return
  const ended_origins = await endObservation({ clock, store, now }, changed)
  if (ended_origins.length === 0) return
  await record(store, { input: { ended_origins }, value: {}, targetId: changed.id })
  await replaceNames({ clock, store, record, now }, changed.accountId)
}
