import {
  allowsOrigin,
  type EmbedTicketClaims,
  mintingKeyOf,
  type OutputOf,
  type ParsedInputOf,
  type SessionClaims,
  timeOfId,
  type VisitorClaims,
  type visitorExchange,
} from '@hallpass/contracts'
import { refusedProof } from '../../dpop/require-proof.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import { beginSession, revokeSession, type SessionDeps, sessionAnswer } from '../../sessions/session.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store, Transactional } from '../../store/store.js'
import { requireOpenFor } from './client-key-rules.js'
import { checkEmbedTicket, spendEmbedTicket } from './embed-ticket.js'

type Input = ParsedInputOf<typeof visitorExchange>

interface Deps extends SessionDeps {
  readonly clientKey: ClientKey
  readonly origin: string | undefined
  readonly jkt: string | undefined
  readonly visitor: VisitorClaims
  readonly widgetOrigins: ReadonlySet<string>
  readonly verify: Verify
  readonly store: SessionDeps['store'] &
    Pick<Store, 'findCutoff' | 'consumeOrRevokeToken'> &
    Transactional<Pick<Store, 'consumeOrRevokeToken' | 'revokeSession'>>
}

/**
 * Exchanges a visitor token for a session of its user. A guest session in the request ends and passes on its
 * visitor_id.
 */
export const exchangeVisitorToken = {
  run,
  sandboxErrors: { already_used: () => usedBefore(), revoked: () => usedBefore() },
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof visitorExchange>> {
  const { clientKey, visitor } = deps
  const begun = beginSession(deps)
  if (input.client_key !== undefined && input.client_key !== clientKey.config.client_key) {
    throw mismatch("a client_key that differs from the visitor token's")
  }
  requireOpenFor(clientKey, 'user')
  const owner = { ...visitor, visitor_id: visitor.sub, user_id: visitor.user.id, api_key_id: mintingKeyOf(visitor) }
  if (await isEndedByCutoff(deps, owner, timeOfId(visitor.jti))) {
    throw refused('a token that was ended together with its user, client key, secret key or account')
  }
  const guest = input.session_token === undefined ? undefined : await findGuest(deps, input.session_token)
  const ticket = await findTicket(deps, input.embed_ticket)
  const origin = ticket?.origin ?? sessionOrigin(deps, guest)
  await spend(deps, { guest, ticket })
  const state = {
    ...begun,
    account_id: clientKey.accountId,
    client_key_id: clientKey.id,
    ...(visitor.api_key_id === undefined ? {} : { api_key_id: visitor.api_key_id }),
    visitor_id: guest?.sub ?? visitor.sub,
    agent_id: visitor.agent_id,
    auth_mode: 'user' as const,
    ...(origin === undefined ? {} : { origin }),
    user: visitor.user,
    ...(visitor.traits ? { traits: visitor.traits } : {}),
    ...(guest?.metadata ? { metadata: guest.metadata } : {}),
    ...(deps.jkt === undefined ? {} : { jkt: deps.jkt }),
  }
  return sessionAnswer(deps, state)
}

async function findGuest(deps: Deps, sessionToken: string): Promise<SessionClaims> {
  const claims = await deps.verify('widget-session', sessionToken)
  if (!claims) throw refusedGuest()
  // a session of another account looks like an invalid one
  if (claims.account_id !== deps.clientKey.accountId) throw refusedGuest()
  // decided by the token's own claims, so the response doesn't reveal whether that session is still active
  if (claims.client_key_id !== deps.clientKey.id) throw mismatch('a session_token of another client key')
  if (claims.auth_mode !== 'guest') throw refusedGuest()
  if (claims.cnf && claims.cnf.jkt !== deps.jkt) throw refusedProof('no proof of the key of the guest session')
  if (await isEndedByCutoff(deps, { ...claims, visitor_id: claims.sub }, timeOfId(claims.sid))) throw refusedGuest()
  return claims
}

/** The proof of the embedding page, which only a page of the server's own widgets needs. */
async function findTicket(deps: Deps, ticket: string | undefined): Promise<EmbedTicketClaims | undefined> {
  if (ticket === undefined || deps.origin === undefined || !deps.widgetOrigins.has(deps.origin)) return undefined
  return checkEmbedTicket(deps, ticket)
}

/**
 * The page of a session without a ticket. For a page of the server's own widgets, it is the embedding page that the
 * guest session's ticket proved. For any other page, it is its Origin.
 */
function sessionOrigin(deps: Deps, guest: SessionClaims | undefined): string | undefined {
  const { clientKey, origin, widgetOrigins } = deps
  if (!guest || origin === undefined || !widgetOrigins.has(origin)) return origin
  if (guest.origin !== undefined && allowsOrigin(clientKey.allowlist, guest.origin)) return guest.origin
  const explain = () => ({ seen: `a guest session of ${guest.origin ?? 'no origin'}, which is not on the allowlist` })
  throw new HallpassError('origin_not_allowed', messages.originNotAllowed, { explain })
}

interface Spent {
  readonly guest: SessionClaims | undefined
  readonly ticket: EmbedTicketClaims | undefined
}

/** Spends the token and the ticket and ends the guest session, all or nothing. */
async function spend(deps: Deps, { guest, ticket }: Spent): Promise<void> {
  // one decision needs no transaction
  if (!guest && !ticket) return spendVisitorToken(deps, deps.store)
  await deps.store.transaction(async (store) => {
    await spendVisitorToken(deps, store)
    if (ticket) await spendEmbedTicket({ clock: deps.clock, store }, ticket)
    if (!guest) return
    const session = { accountId: guest.account_id, sid: guest.sid }
    if (!(await revokeSession({ clock: deps.clock, store }, session, guest.iat * 1000))) throw refusedGuest()
  })
}

async function spendVisitorToken({ clock, visitor }: Deps, store: Pick<Store, 'consumeOrRevokeToken'>): Promise<void> {
  const { account_id: accountId, jti, exp } = visitor
  const times = { now: clock.now(), expiresAt: exp * 1000 }
  if (!(await store.consumeOrRevokeToken({ accountId, kind: 'visitor', jti }, 'spent', times))) throw usedBefore()
}

const refused = (seen: string) =>
  new HallpassError('invalid_token', messages.invalidVisitorToken, { explain: () => ({ seen }) })

const mismatch = (seen: string) =>
  new HallpassError('client_key_mismatch', messages.otherClientKey, { explain: () => ({ seen }) })

const usedBefore = () => refused('a visitor token that was already used or revoked')

const refusedGuest = () => refused('a session_token that is not an active guest session of this client key')
