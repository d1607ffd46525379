import { type EmbedTicketClaims, mintingKeyOf, type SessionClaims, timeOfId } from '@hallpass/contracts'
import { refusedProof } from '../../dpop/require-proof.js'
import { messages } from '../../error-messages.js'
import { type Explanation, HallpassError } from '../../errors.js'
import { cutoffsOf, isCoveredBy } from '../../revocation/is-ended-by-cutoff.js'
import { requireOpenFor } from '../../sessions/client-key-rules.js'
import { checkEmbedTicket } from '../../sessions/embed-ticket.js'
import { type GuestDeps, guestIdOf } from '../../sessions/guest-id-of.js'
import { judgeOrigin } from '../../sessions/judge-origin.js'
import type { ExplainToken } from '../../signing/explain-token.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'

export interface VisitorDeps extends GuestDeps {
  readonly clientKey: ClientKey
  readonly origin: string
  readonly widgetOrigins: ReadonlySet<string>
  readonly verify: Verify
  readonly explainToken: ExplainToken
  readonly store: Pick<Store, 'findCutoff' | 'findSessionStanding'>
}

interface PageVisitor {
  /** The visitor_id. */
  readonly subject: string
  /** The embed ticket that proves the page, to be spent. */
  readonly ticket: EmbedTicketClaims | undefined
  /** Whether the session is bound to a key, which the caller has proven. */
  readonly isBound: boolean
}

interface Input {
  readonly session_token?: string | undefined
  readonly embed_ticket?: string | undefined
}

/** The visitor of a page: that of its session, or a new guest. */
export async function findPageVisitor(deps: VisitorDeps, input: Input): Promise<PageVisitor> {
  const isWidget = deps.widgetOrigins.has(deps.origin)
  if (input.session_token !== undefined) {
    const session = await findSession(deps, input.session_token)
    requireListed(deps, isWidget ? (session.origin ?? deps.origin) : deps.origin)
    return { subject: session.sub, ticket: undefined, isBound: session.cnf !== undefined }
  }
  requireOpenFor(deps.clientKey, 'guest')
  const ticket = isWidget ? await checkEmbedTicket(deps, input.embed_ticket) : undefined
  const origin = ticket?.origin ?? deps.origin
  requireListed(deps, origin)
  return { subject: guestIdOf(deps, origin), ticket, isBound: false }
}

/** Its end doesn't end the tokens that were minted with it, but it mints no more. */
async function findSession(deps: VisitorDeps, token: string): Promise<SessionClaims> {
  const { clientKey, store } = deps
  const claims = await deps.verify('widget-session', token)
  if (!claims) throw refusedSession(() => deps.explainToken('widget-session', token))
  const { account_id: accountId, client_key_id, jti, sid, sub: visitor_id, user } = claims
  if (accountId !== clientKey.accountId || client_key_id !== clientKey.id)
    throw refusedSession(() => ({ seen: 'a session of another client key' }))
  requireOpenFor(clientKey, claims.auth_mode)
  if (claims.cnf && claims.cnf.jkt !== deps.jkt) throw refusedProof('no proof of the key of the session')
  const owner = { ...claims, visitor_id, user_id: user?.id, api_key_id: mintingKeyOf(claims) }
  const name = { accountId, kind: 'widget-session', jti } as const
  const standing = await store.findSessionStanding(name, sid, cutoffsOf(owner))
  if (standing.isFinal || standing.revokedAt !== null || isCoveredBy(standing.notBefore, timeOfId(sid)))
    throw refusedSession(() => ({ seen: 'a session that has ended' }))
  return claims
}

/** Observe mode lets pages begin sessions, but mint no tokens that an API may accept without asking for the origin. */
function requireListed({ clientKey, clock }: VisitorDeps, origin: string): void {
  if (judgeOrigin(clientKey, origin, clock.now()) === 'listed') return
  const explain = () => ({ seen: `${origin}, which is not on the allowlist; observe mode doesn't mint declared kinds` })
  throw new HallpassError('origin_not_allowed', messages.originNotAllowed, { explain })
}

const refusedSession = (explain: () => Explanation | Promise<Explanation>) =>
  new HallpassError('invalid_token', messages.invalidSession, { explain })
