import { type Operations, type OutputOf, opaqueLifetimes, type ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { revokeSession } from '../sessions/session.js'
import type { Account } from '../store/accounts.js'
import type { CutOff } from '../store/cut-offs.js'
import type { Store } from '../store/store.js'
import { toTime } from './page.js'

type Revoke = Operations['admin.sessions.revoke']
type Input = ParsedInputOf<Revoke>

interface Needs {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'cutOff' | 'revokeSession'>
}

/** No token or session is older than this, so a cut-off need not be kept longer. */
const longestMilliseconds = opaqueLifetimes.refreshAbsolute * 1000

/**
 * Ends one session, or, by a cut-off, all that began before now. Says the same whether or not there was anything to end.
 * A cut-off is written twice: what did not see the first, which is committed, began before the second, which ends it.
 */
export const endSessions = {
  async announce({ account, clock, store }: Needs, input: Input): Promise<void> {
    if (input.session_id === undefined) await cutOff(store, account, input, clock.now())
  },

  async act({ account, clock, store }: Needs, input: Input): Promise<OutputOf<Revoke>> {
    // within the transaction, which has its turn by now: nothing begins between this time and the write
    const now = clock.now()
    const { session_id: sid } = input
    if (sid === undefined) await cutOff(store, account, input, now)
    else await revokeSession({ clock: { now: () => now }, store }, { accountId: account.id, sid }, now)
    return { revoked_at: toTime(now) }
  },
}

function cutOff(store: Pick<Store, 'cutOff'>, account: Account, input: Input, notBefore: number): Promise<void> {
  return store.cutOff(account.id, cutOffOf(account, input), { notBefore, expiresAt: notBefore + longestMilliseconds })
}

function cutOffOf(account: Account, input: Input): CutOff {
  if (input.visitor_id !== undefined) return { scope: 'visitor', subject: input.visitor_id }
  if (input.user_id !== undefined) return { scope: 'user', subject: input.user_id }
  if (input.client_key_id !== undefined) return { scope: 'client_key', subject: input.client_key_id }
  return { scope: 'account', subject: account.id }
}
