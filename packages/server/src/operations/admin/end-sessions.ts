import {
  jwtKinds,
  leewaySeconds,
  type Operations,
  type OutputOf,
  opaqueLifetimes,
  type ParsedInputOf,
  timeOfId,
} from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { cutoffTimes } from '../../revocation/cutoff-times.js'
import { type RecordChange, replaceNames } from '../../revocation/replace-names.js'
import { revokeSession } from '../../sessions/session.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Cutoff } from '../../store/queries/cutoffs.js'
import type { Store } from '../../store/store.js'
import { type CutoffWrite, cutoffEvent } from '../../webhooks/cutoff-event.js'
import { toTime } from './pagination.js'
import { requireSubject } from './require-subject.js'
import { revokeMinted } from './revoke-minted.js'

type Revoke = Operations['admin.sessions.revoke']
type Input = ParsedInputOf<Revoke>
type Output = OutputOf<Revoke>

interface CutoffDeps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'addCutoff' | 'addFamilyCutoff'>
}

interface Deps extends CutoffDeps {
  readonly record: RecordChange
  readonly store: CutoffDeps['store'] &
    Pick<Store, 'revokeSession' | 'lockApiKey' | 'appendAuditEntry' | 'emptyFullFeed'>
}

/** When the last session token of a session has expired for every verifier. */
const sessionMilliseconds = (opaqueLifetimes.refreshAbsolute + jwtKinds['widget-session'].ttlSeconds) * 1000

/**
 * Ends one session, or, with a cutoff, everything that began before now, and returns what was ended. Sessions, visitors
 * and users have no rows, so an id is refused only if it can't belong to one. A cutoff is written twice: a call that
 * didn't see the first one, which is committed, began before the second one, which ends it.
 */
export const endSessions = {
  check: requireSubject,

  async beforeTransaction({ account, clock, store }: CutoffDeps, input: Input): Promise<void> {
    const first = { notBefore: clock.now(), write: 'first' } as const
    if (input.session_id === undefined) await addCutoff({ account, clock, store }, input, first)
  },

  async run(deps: Deps, input: Input): Promise<Output> {
    const { account, clock, store } = deps
    // inside the transaction, once it has its turn: nothing can begin between this time and the write
    const now = clock.now()
    const revoked_at = toTime(now)
    const { session_id: sid } = input
    if (sid === undefined) {
      const { ended, accountIds } = await addCutoff(deps, input, { notBefore: now, write: 'second' })
      const reach = await describeReach(deps, input, accountIds)
      const replaced = await replaceNames({ clock, store, record: deps.record, now }, account.id)
      return { revoked_at, ...ended, not_before: revoked_at, ...reach, ...replaced }
    }
    requirePossible(sid, now)
    const session = { accountId: account.id, sid }
    const isFirst = await revokeSession({ clock: { now: () => now }, store }, session, now)
    const replaced = await replaceNames({ clock, store, record: deps.record, now }, account.id)
    return { revoked_at, scope: 'session', subject: sid, already_ended: !isFirst, ...replaced }
  },
}

/** A session id contains the time when its session began. An id of an expired or future session can't be ended. */
function requirePossible(sid: string, now: number): void {
  const beganAt = timeOfId(sid)
  if (beganAt + sessionMilliseconds <= now) {
    throw unknown('this session has expired, because a session lasts at most 7 days')
  }
  if (beganAt > now + leewaySeconds * 1000) throw unknown('the time in this id is in the future')
}

const unknown = (detail: string) =>
  new HallpassError('not_found', messages.nothingEnded(detail), { items: [{ reference: 'session_id', detail }] })

async function addCutoff(
  { account, clock, store }: CutoffDeps,
  input: Input,
  { notBefore, write }: { readonly notBefore: number; readonly write: CutoffWrite },
): Promise<{ readonly ended: Cutoff; readonly accountIds: readonly string[] }> {
  const ended = cutoffOf(account, input)
  const times = cutoffTimes(notBefore)
  if (ended.scope === 'api_key') {
    return { ended, accountIds: await revokeMinted({ account, clock, store }, ended.subject, { notBefore, write }) }
  }
  const event = cutoffEvent(clock, 'revoked', { write })
  if (input.children) {
    return { ended, accountIds: await store.addFamilyCutoff(account.id, { scope: 'account' }, times, event) }
  }
  await store.addCutoff(account.id, ended, times, event)
  return { ended, accountIds: [account.id] }
}

function cutoffOf(account: Account, input: Input): Cutoff {
  if (input.visitor_id !== undefined) return { scope: 'visitor', subject: input.visitor_id }
  if (input.user_id !== undefined) return { scope: 'user', subject: input.user_id }
  if (input.client_key_id !== undefined) return { scope: 'client_key', subject: input.client_key_id }
  if (input.customer_id !== undefined) return { scope: 'customer', subject: input.customer_id }
  if (input.card_id !== undefined) return { scope: 'card', subject: input.card_id }
  if (input.api_key_id !== undefined) return { scope: 'api_key', subject: input.api_key_id }
  if (input.kind !== undefined) return { scope: 'kind', subject: input.kind }
  if (input.subject !== undefined) return { scope: 'subject', subject: input.subject }
  if (input.resource !== undefined) return { scope: 'resource', subject: input.resource }
  return { scope: 'account', subject: account.id }
}

/** The response of a revocation that affects child accounts too. Adds an entry to the history of each child. */
async function describeReach(
  { account, clock, record, store }: Deps,
  { api_key_id, children }: Input,
  accountIds: readonly string[],
): Promise<Pick<Output, 'accounts_ended' | 'key_active'>> {
  if (children) {
    for (const accountId of accountIds) {
      if (accountId !== account.id) await record(store, { accountId, input: { account: true }, value: {} })
    }
    return { accounts_ended: accountIds.length }
  }
  if (api_key_id === undefined) return {}
  const key = await store.lockApiKey(account.id, api_key_id)
  const isOver = !key || key.disabled || (key.expiresAt !== null && key.expiresAt <= clock.now())
  return { key_active: !isOver }
}
