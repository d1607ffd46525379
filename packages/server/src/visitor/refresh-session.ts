import type { OutputOf, visitorRefresh } from '@hallpass/contracts'
import type { RefreshState } from '../sessions/refresh-token.js'
import { rotateSession, type SessionNeeds, sessionAnswer } from '../sessions/session.js'
import type { ClientKey } from '../store/accounts.js'
import { requireOpenFor } from './client-key-rules.js'

interface Needs extends SessionNeeds {
  readonly clientKey: ClientKey
  readonly refresh: RefreshState
}

/** A new session JWT with the same identity claims, and the next refresh token (seed 002). */
export const refreshSession = { act }

async function act(needs: Needs): Promise<OutputOf<typeof visitorRefresh>> {
  requireOpenFor(needs.clientKey, needs.refresh.auth_mode)
  return sessionAnswer(needs, await rotateSession(needs, needs.refresh))
}
