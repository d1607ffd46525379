import {
  type EmbedTicketClaims,
  mintingKeyOf,
  type SessionClaims,
  type TokenUser,
  timeOfId,
  type WidgetSession,
} from '@hallpass/contracts'
import { refusedProof } from '../../dpop/require-proof.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import { checkEmbedTicket, spendEmbedTicket } from '../../sessions/embed-ticket.js'
import { judgeOrigin } from '../../sessions/judge-origin.js'
import { type beginSession, revokeSession, type SessionDeps, sessionAnswer } from '../../sessions/session.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { isSubscribed, type TellDeps, tellIn } from '../../webhooks/tell.js'
import type { WebhookFact } from '../../webhooks/webhook-event.js'
import { markUnlisted } from './mark-unlisted.js'

type Spending = Pick<Store, 'consumeOrRevokeToken' | 'spendSubjectToken'>
type SpendingAll = Spending & Pick<Store, 'revokeSession'>

export interface UserSessionDeps extends SessionDeps {
  readonly clientKey: ClientKey
  readonly origin: string | undefined
  readonly jkt: string | undefined
  readonly widgetOrigins: ReadonlySet<string>
  readonly verify: Verify
  readonly store: SessionDeps['store'] &
    Spending &
    Pick<Store, 'findCutoff' | 'observeOrigin'> &
    TellDeps<SpendingAll>['store']
}

/** The user of a token, and how to spend it. */
export interface ProvenUser {
  readonly visitorId: string
  readonly user: TokenUser
  readonly traits?: Readonly<Record<string, unknown>> | undefined
  /** The secret key that vouched for the user, if one did. */
  readonly api_key_id?: string | undefined
  readonly agentId: string
  /** When the token was issued, in milliseconds. */
  readonly issuedAt: number
  /** Throws if it was spent before. The write is the decision. */
  readonly spend: (store: Spending) => Promise<void>
  /** The id of a token of this server. */
  readonly tokenId?: string
}

/** What else a page can send. */
interface Input {
  readonly session_token?: string | undefined
  readonly embed_ticket?: string | undefined
}

/**
 * Spends the token of a user, and begins a session. A guest session in the request ends and passes on its visitor_id.
 * `begun` was taken before anything was checked.
 */
export async function beginUserSession(
  deps: UserSessionDeps,
  { begun, proven }: { readonly begun: ReturnType<typeof beginSession>; readonly proven: ProvenUser },
  input: Input,
): Promise<WidgetSession> {
  const { clientKey } = deps
  const { user, traits, api_key_id, visitorId } = proven
  const names = { account_id: clientKey.accountId, client_key_id: clientKey.id }
  const key = api_key_id === undefined ? {} : { api_key_id }
  const owner = { ...names, visitor_id: visitorId, user_id: user.id, api_key_id: mintingKeyOf(key) }
  if (await isEndedByCutoff(deps, owner, proven.issuedAt)) {
    throw refused('a token that was ended together with its user, client key, secret key or account')
  }
  const guest = input.session_token === undefined ? undefined : await findGuest(deps, input.session_token)
  const ticket = await findTicket(deps, input.embed_ticket)
  const origin = ticket?.origin ?? sessionOrigin(deps, guest)
  // a page of the server's own widgets without a proof of its host has no allowlist
  const mark = origin === undefined || deps.widgetOrigins.has(origin) ? {} : await markUnlisted(deps, origin)
  const session = { session_id: begun.sid, visitor_id: guest?.sub ?? visitorId, user_id: user.id }
  await spend(deps, proven, { guest, ticket, session })
  const state = {
    ...begun,
    ...names,
    ...key,
    visitor_id: guest?.sub ?? visitorId,
    agent_id: proven.agentId,
    auth_mode: 'user' as const,
    ...(origin === undefined ? {} : { origin }),
    ...mark,
    user,
    ...(traits ? { traits } : {}),
    ...(guest?.metadata ? { metadata: guest.metadata } : {}),
    ...(deps.jkt === undefined ? {} : { jkt: deps.jkt }),
  }
  return sessionAnswer(deps, state)
}

async function findGuest(deps: UserSessionDeps, sessionToken: string): Promise<SessionClaims> {
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
async function findTicket(deps: UserSessionDeps, ticket: string | undefined): Promise<EmbedTicketClaims | undefined> {
  if (ticket === undefined || deps.origin === undefined || !deps.widgetOrigins.has(deps.origin)) return undefined
  return checkEmbedTicket(deps, ticket)
}

/**
 * The page of a session without a ticket. For a page of the server's own widgets, it is the embedding page that the
 * guest session's ticket proved. For any other page, it is its Origin.
 */
function sessionOrigin(deps: UserSessionDeps, guest: SessionClaims | undefined): string | undefined {
  const { clientKey, origin, widgetOrigins } = deps
  if (!guest || origin === undefined || !widgetOrigins.has(origin)) return origin
  const isRefused = guest.origin === undefined || judgeOrigin(clientKey, guest.origin, deps.clock.now()) === 'refused'
  if (!isRefused) return guest.origin
  const explain = () => ({ seen: `a guest session of ${guest.origin ?? 'no origin'}, which is not on the allowlist` })
  throw new HallpassError('origin_not_allowed', messages.originNotAllowed, { explain })
}

interface Spent {
  readonly guest: SessionClaims | undefined
  readonly ticket: EmbedTicketClaims | undefined
  /** The ids of the session that begins. */
  readonly session: { readonly session_id: string; readonly visitor_id: string; readonly user_id: string }
}

/** Spends the token and the ticket and ends the guest session, all or nothing. */
async function spend(deps: UserSessionDeps, proven: ProvenUser, spent: Spent): Promise<void> {
  const { clock } = deps
  const { guest, ticket } = spent
  const isReported = await isSubscribed(deps.store, deps.clientKey.accountId, reportedTypes)
  // one decision needs no transaction
  if (!guest && !ticket && !isReported) return proven.spend(deps.store)
  await deps.store.transaction(async (store) => {
    await proven.spend(store)
    if (ticket) await spendEmbedTicket({ clock, store }, ticket)
    if (guest) {
      const session = { accountId: guest.account_id, sid: guest.sid }
      if (!(await revokeSession({ clock, store }, session, guest.iat * 1000))) throw refusedGuest()
    }
    if (isReported) await tellIn({ clock, store }, deps.clientKey.accountId, factsOf(deps, proven, spent))
  })
}

const reportedTypes = ['session.began', 'session.promoted', 'token.spent'] as const

/** A promotion stands for the end of the guest session and the beginning of the user's. */
function factsOf(
  { clientKey }: UserSessionDeps,
  { tokenId }: ProvenUser,
  { guest, ticket, session }: Spent,
): WebhookFact[] {
  const data = { ...session, client_key_id: clientKey.id, guest_session_id: guest?.sid }
  const tokens = [
    ...(tokenId === undefined ? [] : [{ kind: 'visitor', token_id: tokenId }]),
    ...(ticket ? [{ kind: 'embed-ticket', token_id: ticket.jti }] : []),
  ]
  return [
    ...tokens.map((ids) => tokenFact('token.spent', ids)),
    { type: guest ? 'session.promoted' : 'session.began', subject: session.session_id, data },
  ]
}

export const refused = (seen: string): HallpassError =>
  new HallpassError('invalid_token', messages.invalidVisitorToken, { explain: () => ({ seen }) })

export const mismatch = (seen: string): HallpassError =>
  new HallpassError('client_key_mismatch', messages.otherClientKey, { explain: () => ({ seen }) })

const refusedGuest = () => refused('a session_token that is not an active guest session of this client key')
