import type { OutputOf, tokensIntrospect } from '@hallpass/contracts'
import { toSeconds } from '../../clock.js'
import { latestIssue } from '../../store/queries/card-tokens.js'
import { type FindDeps, findKindToken } from './find-kind-token.js'

/** RFC 7662 for a token of a declared kind. Undefined if it isn't an active one of the account. */
export async function introspectKindToken(
  deps: FindDeps,
  token: string,
): Promise<OutputOf<typeof tokensIntrospect> | undefined> {
  const found = await findKindToken(deps, token)
  if (!found || found.isEnded || found.isExpired || found.isUsedUp) return undefined
  if (found.issuedAt > latestIssue(deps.clock.now())) return undefined
  return {
    active: true,
    token_type: 'declared',
    iss: deps.issuer(),
    aud: found.audience,
    sub: found.subject,
    iat: toSeconds(found.issuedAt),
    exp: toSeconds(found.expiresAt),
    jti: found.jti,
    account_id: deps.account.id,
    ...{ kind: found.kind, kind_revision: found.revision, ...found.by, actions: [...found.actions] },
    ...(found.jkt === undefined ? {} : { cnf: { jkt: found.jkt } }),
    ...(found.resource === null ? {} : { resource: found.resource }),
    ...(found.claims === null ? {} : { claims: found.claims }),
    ...(found.usesLeft === null ? {} : { uses_left: found.usesLeft }),
  }
}
