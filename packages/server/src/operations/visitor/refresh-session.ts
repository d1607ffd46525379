import { mintingKeyOf, type OutputOf, type visitorRefresh } from '@hallpass/contracts'
import { HallpassError } from '../../errors.js'
import { isCutOff } from '../../revocation/is-cut-off.js'
import type { RefreshState } from '../../sessions/refresh-token.js'
import { rotateSession, type SessionNeeds, sessionAnswer, usedRefreshToken } from '../../sessions/session.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { requireOpenFor } from './client-key-rules.js'

interface Needs extends SessionNeeds {
  readonly clientKey: ClientKey
  readonly refresh: RefreshState
  readonly store: SessionNeeds['store'] & Pick<Store, 'findCutOff'>
}

/** A new session JWT with the same identity claims, and the next refresh token (seed 002). */
export const refreshSession = { act, asIf: { already_used: () => usedRefreshToken(), revoked: () => ended() } }

async function act(needs: Needs): Promise<OutputOf<typeof visitorRefresh>> {
  requireOpenFor(needs.clientKey, needs.refresh.auth_mode)
  const { refresh } = needs
  const owner = { ...refresh, user_id: refresh.user?.id, api_key_id: mintingKeyOf(refresh) }
  if (await isCutOff(needs, owner, refresh.started_at)) throw ended()
  return sessionAnswer(needs, await rotateSession(needs, needs.refresh))
}

function ended(): HallpassError {
  const explain = () => ({
    seen: 'a session whose user, visitor, client key, secret key or account had everything ended',
  })
  return new HallpassError('invalid_token', 'the session was ended', { explain })
}
