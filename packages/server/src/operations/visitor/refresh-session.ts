import { mintingKeyOf, type OutputOf, type visitorRefresh } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { cutoffsOf, isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import { requireOpenFor } from '../../sessions/client-key-rules.js'
import { judgeOrigin, type Standing } from '../../sessions/judge-origin.js'
import type { RefreshState } from '../../sessions/refresh-token.js'
import {
  revokeSession,
  rotateSession,
  type SessionDeps,
  sessionAnswer,
  usedRefreshToken,
} from '../../sessions/session.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { reuseDetected, sessionEnded } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

interface Deps extends SessionDeps {
  readonly clientKey: ClientKey
  readonly refresh: RefreshState
  readonly store: SessionDeps['store'] & Pick<Store, 'findCutoff'> & TellDeps<SessionDeps['store']>['store']
}

/** Mints a new session JWT with the same identity claims, and the next refresh token. */
export const refreshSession = { run, sandboxErrors: { already_used: () => usedRefreshToken(), revoked: () => ended() } }

async function run(deps: Deps): Promise<OutputOf<typeof visitorRefresh>> {
  requireOpenFor(deps.clientKey, deps.refresh.auth_mode)
  const { refresh } = deps
  const standing = standingOf(deps)
  if (standing === 'refused') throw ended()
  const owner = { ...refresh, user_id: refresh.user?.id, api_key_id: mintingKeyOf(refresh) }
  const requireNotEnded = async () => {
    if (await isEndedByCutoff(deps, owner, refresh.started_at)) throw ended()
  }
  const end = { cutoffs: cutoffsOf(owner), requireNotEnded, endReused: () => endReused(deps) }
  const next = await rotateSession(deps, refresh, end)
  // once its origin is allowed, the session is like any other
  return sessionAnswer(deps, standing === 'listed' ? { ...next, origin_unlisted: undefined } : next)
}

/** A copied token ends its session. Of many uses, the first one is reported. */
function endReused({ clock, refresh, store }: Deps): Promise<boolean> {
  const { account_id: accountId, sid, visitor_id, client_key_id, issued_at } = refresh
  const ids = { session_id: sid, visitor_id, client_key_id }
  const reported = {
    accountId,
    types: ['session.reuse_detected', 'session.ended'] as const,
    factsOf: (isEnded: boolean) => (isEnded ? [reuseDetected(ids), sessionEnded(ids, 'reuse')] : []),
  }
  const decide = (within: SessionDeps['store']) =>
    revokeSession({ clock, store: within }, { accountId, sid }, issued_at)
  return decideAndTell({ clock, store }, reported, decide)
}

/** What has become of the origin of a session from observe mode. */
function standingOf({ clientKey, clock, refresh }: Deps): Standing {
  const { origin, origin_unlisted } = refresh
  return origin_unlisted && origin !== undefined ? judgeOrigin(clientKey, origin, clock.now()) : 'listed'
}

function ended(): HallpassError {
  const explain = () => ({
    seen: 'a session that was ended together with its user, visitor, client key, secret key or account',
  })
  return new HallpassError('invalid_token', messages.invalidRefreshToken, { explain })
}
