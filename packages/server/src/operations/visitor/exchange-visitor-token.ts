import {
  type OutputOf,
  type ParsedInputOf,
  timeOfId,
  type VisitorClaims,
  type visitorExchange,
} from '@hallpass/contracts'
import { requireOpenFor } from '../../sessions/client-key-rules.js'
import { beginSession } from '../../sessions/session.js'
import { beginUserSession, mismatch, type ProvenUser, refused, type UserSessionDeps } from './begin-user-session.js'
import { exchangeSubjectToken, type SubjectTokenDeps } from './exchange-subject-token.js'

type Input = ParsedInputOf<typeof visitorExchange>

interface Deps extends UserSessionDeps, SubjectTokenDeps {
  /** Undefined if the call carries the token of an identity provider instead. */
  readonly visitor: VisitorClaims | undefined
}

/**
 * Exchanges a visitor token, or the token of an identity provider, for a session of its user. A guest session in the
 * request ends and passes on its visitor_id.
 */
export const exchangeVisitorToken = {
  run,
  sandboxErrors: { already_used: () => usedBefore(), revoked: () => usedBefore() },
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof visitorExchange>> {
  const { clientKey, visitor } = deps
  if (!visitor) return exchangeSubjectToken(deps, { ...input, subject_token: input.subject_token ?? '' })
  const begun = beginSession(deps)
  if (input.client_key !== undefined && input.client_key !== clientKey.config.client_key) {
    throw mismatch("a client_key that differs from the visitor token's")
  }
  requireOpenFor(clientKey, 'user')
  return beginUserSession(deps, { begun, proven: provenBy(deps, visitor) }, input)
}

function provenBy({ clock }: Pick<Deps, 'clock'>, visitor: VisitorClaims): ProvenUser {
  const { account_id: accountId, jti, exp } = visitor
  return {
    visitorId: visitor.sub,
    user: visitor.user,
    traits: visitor.traits,
    api_key_id: visitor.api_key_id,
    agentId: visitor.agent_id,
    issuedAt: timeOfId(jti),
    tokenId: jti,
    async spend(store) {
      const times = { now: clock.now(), expiresAt: exp * 1000 }
      if (!(await store.consumeOrRevokeToken({ accountId, kind: 'visitor', jti }, 'spent', times))) throw usedBefore()
    },
  }
}

const usedBefore = () => refused('a visitor token that was already used or revoked')
