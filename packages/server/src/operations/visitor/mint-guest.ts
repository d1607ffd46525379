import type { OutputOf, ParsedInputOf, visitorGuest } from '@hallpass/contracts'
import { requireAgent, requireOpenFor } from '../../sessions/client-key-rules.js'
import { checkEmbedTicket, spendAndTell } from '../../sessions/embed-ticket.js'
import { guestIdOf } from '../../sessions/guest-id-of.js'
import { beginSession, type SessionDeps, sessionAnswer } from '../../sessions/session.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import type { TellDeps } from '../../webhooks/tell.js'
import { markUnlisted } from './mark-unlisted.js'

type Input = ParsedInputOf<typeof visitorGuest>

interface Deps extends SessionDeps {
  readonly clientKey: ClientKey
  readonly origin: string
  readonly jkt: string | undefined
  readonly widgetOrigins: ReadonlySet<string>
  readonly verify: Verify
  readonly store: SessionDeps['store'] &
    Pick<Store, 'consumeOrRevokeToken' | 'findCutoff' | 'observeOrigin'> &
    TellDeps<Pick<Store, 'consumeOrRevokeToken'>>['store']
}

/**
 * Mints a session for an unknown visitor. Writes nothing, unless it spends an embed ticket or observe mode sees a new
 * origin.
 */
export const mintGuest = { run }

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof visitorGuest>> {
  const { clientKey } = deps
  const begun = beginSession(deps)
  requireOpenFor(clientKey, 'guest')
  requireAgent(clientKey, input.agent_id)
  const isWidget = deps.widgetOrigins.has(deps.origin)
  const ticket = isWidget ? await checkEmbedTicket(deps, input.embed_ticket) : undefined
  const origin = ticket?.origin ?? deps.origin
  const mark = await markUnlisted(deps, origin)
  if (ticket) await spendAndTell(deps, ticket)
  const state = {
    ...begun,
    account_id: clientKey.accountId,
    client_key_id: clientKey.id,
    visitor_id: guestIdOf(deps, origin),
    agent_id: clientKey.config.agent.id,
    auth_mode: 'guest' as const,
    origin,
    ...mark,
    ...(deps.jkt === undefined ? {} : { jkt: deps.jkt }),
    ...(input.metadata ? { metadata: input.metadata } : {}),
  }
  return sessionAnswer(deps, state)
}
