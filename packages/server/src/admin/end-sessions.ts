import {
  jwtKinds,
  leewaySeconds,
  type Operations,
  type OutputOf,
  opaqueLifetimes,
  type ParsedInputOf,
  timeOfId,
} from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { HallpassError } from '../errors.js'
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

interface CheckNeeds {
  readonly account: Account
  readonly store: Pick<Store, 'findClientKeyById'>
}

/** No token or session is older than this, so a cut-off need not be kept longer. */
const longestMilliseconds = opaqueLifetimes.refreshAbsolute * 1000
/** When the last session token of a session has expired for every verifier. */
const sessionMilliseconds = longestMilliseconds + jwtKinds['widget-session'].ttlSeconds * 1000

/**
 * Ends one session, or, by a cut-off, all that began before now, and says what. Sessions, visitors and users have no rows, so
 * an id is refused only if it can name none.
 * A cut-off is written twice: what did not see the first, which is committed, began before the second, which ends it.
 */
export const endSessions = {
  /** A client key is never deleted, so one that is found here is there when `act` decides. */
  async check({ account, store }: CheckNeeds, { client_key_id: id, session_id }: Input): Promise<void> {
    if (id !== undefined && !(await store.findClientKeyById(account.id, id))) {
      throw unknown('client_key_id', 'no such client key in this account')
    }
    if (session_id !== undefined && (await store.findClientKeyById(account.id, session_id))) {
      const detail = 'is the id of a client key; give it as client_key_id'
      throw new HallpassError('validation_failed', `session_id ${detail}.`, {
        items: [{ reference: 'session_id', detail }],
      })
    }
  },

  async announce({ account, clock, store }: Needs, input: Input): Promise<void> {
    if (input.session_id === undefined) await cutOff(store, account, input, clock.now())
  },

  async act({ account, clock, store }: Needs, input: Input): Promise<OutputOf<Revoke>> {
    // within the transaction, which has its turn by now: nothing begins between this time and the write
    const now = clock.now()
    const revoked_at = toTime(now)
    const { session_id: sid } = input
    if (sid === undefined) {
      const ended = await cutOff(store, account, input, now)
      return { revoked_at, ...ended, not_before: revoked_at }
    }
    requirePossible(sid, now)
    const session = { accountId: account.id, sid }
    const isFirst = await revokeSession({ clock: { now: () => now }, store }, session, now)
    return { revoked_at, scope: 'session', subject: sid, already_ended: !isFirst }
  },
}

/** A session id says when its session began: one that is over, or is still to come, is of no session that could be ended. */
function requirePossible(sid: string, now: number): void {
  const beganAt = timeOfId(sid)
  if (beganAt + sessionMilliseconds <= now) {
    throw unknown('session_id', 'this session is over: a session lasts for 7 days at most')
  }
  if (beganAt > now + leewaySeconds * 1000) throw unknown('session_id', 'no session has begun at the time in this id')
}

const unknown = (reference: string, detail: string) =>
  new HallpassError('not_found', `Nothing was ended: ${detail}.`, { items: [{ reference, detail }] })

async function cutOff(
  store: Pick<Store, 'cutOff'>,
  account: Account,
  input: Input,
  notBefore: number,
): Promise<CutOff> {
  const ended = cutOffOf(account, input)
  await store.cutOff(account.id, ended, { notBefore, expiresAt: notBefore + longestMilliseconds })
  return ended
}

function cutOffOf(account: Account, input: Input): CutOff {
  if (input.visitor_id !== undefined) return { scope: 'visitor', subject: input.visitor_id }
  if (input.user_id !== undefined) return { scope: 'user', subject: input.user_id }
  if (input.client_key_id !== undefined) return { scope: 'client_key', subject: input.client_key_id }
  return { scope: 'account', subject: account.id }
}
