import { jwtKinds, leewaySeconds, opaqueLifetimes, type WidgetSession } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { messages } from '../error-messages.js'
import { type Explanation, HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import type { SignedToken, TokenForm } from '../signing/sign-token.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { PossibleEnd, SessionName, SessionRow } from '../store/queries/sessions.js'
import { type RefreshState, sealRefreshToken } from './refresh-token.js'

/** How long the immediate predecessor of a refresh token still gets the same successor, because tabs race. */
const graceMilliseconds = 10_000
/** The clocks of replicas differ by less than this, unless one is wrong. */
const replicaSkewMilliseconds = 1_000
const slidingMilliseconds = opaqueLifetimes.refreshSliding * 1000
const absoluteMilliseconds = opaqueLifetimes.refreshAbsolute * 1000
/**
 * How long a session JWT can be accepted after a rotation: the grace period, its lifetime, clock differences, a slow
 * request.
 */
const jwtTailMilliseconds = graceMilliseconds + (jwtKinds['widget-session'].ttlSeconds + leewaySeconds + 60) * 1000

/** The dependencies of sessions. */
export interface SessionDeps {
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly pause: (milliseconds: number) => Promise<void>
  readonly clientKey: Pick<ClientKey, 'sessionToken'>
  readonly sign: (kind: 'widget-session', claims: SessionClaimsIn, form?: TokenForm) => SignedToken
  readonly store: {
    rotateSession(
      session: SessionName,
      counter: number,
      times: { now: number; expiresAt: number },
      end?: PossibleEnd,
    ): Promise<boolean>
    revokeSession(session: SessionName, times: { now: number; expiresAt: number }): Promise<boolean>
    findSession(session: SessionName): Promise<SessionRow | undefined>
  }
}

type SessionClaimsIn = ReturnType<typeof claimsOf> & { readonly client_id?: string }

/** The identity of a new session. */
export type NewSession = Omit<RefreshState, 'sid' | 'counter' | 'started_at' | 'issued_at' | 'expires_at'>

/**
 * The beginning of a session, before its identity is known. Call this before checking whether the source of the session
 * was ended: a cutoff that the check missed is then later, and ends the session too. Writes nothing.
 */
export function beginSession(deps: Pick<SessionDeps, 'clock'>): Omit<RefreshState, keyof NewSession> {
  const now = deps.clock.now()
  return {
    sid: newId(deps.clock),
    counter: 0,
    started_at: now,
    issued_at: now,
    expires_at: now + slidingMilliseconds,
  }
}

/** The cutoffs that can end a session. The rotation checks them, and `requireNotEnded` refuses because of them. */
interface PossibleCutoffs extends Pick<PossibleEnd, 'cutoffs'> {
  readonly requireNotEnded: () => Promise<void>
  /** Ends the session of a token that was used twice. */
  readonly endReused?: () => Promise<unknown>
}

const noCutoffs: PossibleCutoffs = { cutoffs: [], requireNotEnded: async () => {} }

/**
 * Advances a session by one rotation and returns its next state. The predecessor gets the same state for another 10 s.
 * If the session is bound to a key, whose proof the caller has checked, the predecessor gets it until it expires. Any
 * other reuse means that a token was copied, and ends the session (RFC 9700 section 4.14.2).
 */
export async function rotateSession(
  deps: SessionDeps,
  state: RefreshState,
  { cutoffs, requireNotEnded, endReused }: PossibleCutoffs = noCutoffs,
): Promise<RefreshState> {
  const now = deps.clock.now()
  const session = nameOf(state)
  const next = successorOf(state, now)
  const expiresAt = neededUntil(now, next.expires_at)
  const end = { cutoffs, startedAt: state.started_at }
  if (await deps.store.rotateSession(session, state.counter, { now, expiresAt }, end)) return next
  await requireNotEnded()
  const row = await deps.store.findSession(session)
  // rotated by a replica whose clock is slightly ahead
  const ahead = (row?.rotatedAt ?? now) - deps.clock.now()
  if (ahead > 0 && ahead <= replicaSkewMilliseconds) await deps.pause(ahead)
  if (row && isInGrace(row, state, deps.clock.now())) return successorOf(state, row.rotatedAt)
  await (endReused ? endReused() : revokeSession(deps, session, state.issued_at))
  throw usedRefreshToken(row)
}

/** A refresh token that was already rotated. `row` is the session's row before the reuse ended the session. */
export const usedRefreshToken = (row?: SessionRow): HallpassError =>
  new HallpassError('invalid_token', messages.invalidRefreshToken, { explain: () => explainReuse(row) })

/** The response that contains a session: a fresh session JWT and the state's refresh token. */
export function sessionAnswer(deps: SessionDeps, state: RefreshState): WidgetSession {
  const { token, expiresIn, expiresAt } = signSession(deps, state)
  return {
    token,
    token_type: state.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: expiresIn,
    expires_at: expiresAt,
    refresh_token: sealRefreshToken(deps.keys, state),
    refresh_expires_in: Math.max(0, Math.round((state.expires_at - deps.clock.now()) / 1000)),
    session_id: state.sid,
    visitor_id: state.visitor_id,
    auth_mode: state.auth_mode,
    agent_id: state.agent_id,
    ...(state.user ? { user: state.user } : {}),
  }
}

/**
 * Ends a session. Returns false if it had already ended. `startedBy` is a time, in milliseconds, at which it was
 * already running: a session without a row was never rotated, so its one refresh token was issued before then. A
 * session with a row keeps its expiry.
 */
export function revokeSession(
  deps: { readonly clock: Pick<Clock, 'now'>; readonly store: Pick<SessionDeps['store'], 'revokeSession'> },
  session: SessionName,
  startedBy: number,
): Promise<boolean> {
  const now = deps.clock.now()
  return deps.store.revokeSession(session, { now, expiresAt: neededUntil(now, startedBy + slidingMilliseconds) })
}

/**
 * When none of a session's tokens can be accepted any more, so that its row can be removed. The newest refresh token
 * outlives every predecessor, and the JWTs too, except near the session's absolute end.
 */
const neededUntil = (now: number, refreshExpiresAt: number): number =>
  Math.max(refreshExpiresAt, now + jwtTailMilliseconds)

/** `row`: the session's row before the reuse ended the session. */
function explainReuse(row: SessionRow | undefined): Explanation {
  const fix = 'Start a new session. Keep only the newest refresh token, and share it between tabs.'
  if (row?.revokedAt === null) return { seen: 'a refresh token that was already used, so its session was ended', fix }
  return { seen: 'a refresh token of a session that was ended', fix }
}

function isInGrace(row: SessionRow, state: RefreshState, now: number): row is SessionRow & { rotatedAt: number } {
  if (row.revokedAt !== null || row.rotatedAt === null) return false
  const since = now - row.rotatedAt
  // a copied token is of no use without the key
  const isLate = since > graceMilliseconds && state.jkt === undefined
  return row.counter === state.counter + 1 && since >= 0 && !isLate
}

function successorOf(state: RefreshState, rotatedAt: number): RefreshState {
  const expires_at = Math.min(rotatedAt + slidingMilliseconds, state.started_at + absoluteMilliseconds)
  return { ...state, counter: state.counter + 1, issued_at: rotatedAt, expires_at }
}

/** RFC 9068 section 2.2 if the client key makes its session tokens out as access tokens. */
function signSession({ clientKey, sign }: SessionDeps, state: RefreshState): SignedToken {
  const form = clientKey.sessionToken
  const client = form?.typ === 'at+jwt' ? { client_id: state.client_key_id } : {}
  return sign('widget-session', { ...claimsOf(state), ...client }, form)
}

const nameOf = (state: RefreshState): SessionName => ({ accountId: state.account_id, sid: state.sid })

function claimsOf(state: RefreshState) {
  return {
    sub: state.visitor_id,
    sid: state.sid,
    account_id: state.account_id,
    client_key_id: state.client_key_id,
    ...(state.api_key_id ? { api_key_id: state.api_key_id } : {}),
    agent_id: state.agent_id,
    auth_mode: state.auth_mode,
    ...(state.origin ? { origin: state.origin } : {}),
    ...(state.origin_unlisted ? { origin_unlisted: state.origin_unlisted } : {}),
    ...(state.user ? { user: state.user } : {}),
    ...(state.traits ? { traits: state.traits } : {}),
    ...(state.metadata ? { metadata: state.metadata } : {}),
    ...(state.jkt === undefined ? {} : { cnf: { jkt: state.jkt } }),
  }
}
