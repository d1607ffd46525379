import type { WidgetSession } from '@hallpass/contracts'
import type { VerifySubjectToken } from '../../identity/verify-subject-token.js'
import { requireOpenFor } from '../../sessions/client-key-rules.js'
import { beginSession } from '../../sessions/session.js'
import { beginUserSession, refused, type UserSessionDeps } from './begin-user-session.js'
import { visitorIdOf } from './visitor-id-of.js'

export interface SubjectTokenDeps extends UserSessionDeps {
  readonly verifySubjectToken: VerifySubjectToken
}

interface Input {
  readonly subject_token: string
  readonly session_token?: string | undefined
  readonly embed_ticket?: string | undefined
}

/** Exchanges the token of an identity provider that the client key trusts for a session of its user. */
export async function exchangeSubjectToken(deps: SubjectTokenDeps, input: Input): Promise<WidgetSession> {
  const { clientKey, clock } = deps
  requireOpenFor(clientKey, 'user')
  const subject = await deps.verifySubjectToken(clientKey, input.subject_token)
  // not earlier: the keys of the issuer may have taken seconds to fetch, and the session would begin in the past
  const begun = beginSession(deps)
  const { user, traits, issuedAt, expiresAt, spendName } = subject
  const proven = {
    ...{ user, traits, issuedAt },
    visitorId: visitorIdOf(deps.keys, clientKey, user.id),
    agentId: clientKey.config.agent.id,
    async spend(store: Parameters<Parameters<typeof beginUserSession>[1]['proven']['spend']>[0]) {
      const times = { issuedAt, now: clock.now(), expiresAt }
      if (await store.spendSubjectToken(clientKey.accountId, spendName, times)) return
      throw refused('a token of an identity provider that was already used')
    },
  }
  return beginUserSession(deps, { begun, proven }, input)
}
