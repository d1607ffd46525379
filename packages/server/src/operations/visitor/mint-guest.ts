import type { OutputOf, ParsedInputOf, visitorGuest } from '@hallpass/contracts'
import { randomUuid } from '../../ids.js'
import { beginSession, type SessionNeeds, sessionAnswer } from '../../sessions/session.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { requireAgent, requireOpenFor } from './client-key-rules.js'
import { checkEmbedTicket, spendEmbedTicket } from './embed-ticket.js'

type Input = ParsedInputOf<typeof visitorGuest>

interface Needs extends SessionNeeds {
  readonly clientKey: ClientKey
  readonly origin: string
  readonly widgetOrigins: ReadonlySet<string>
  readonly verify: Verify
  readonly store: SessionNeeds['store'] & Pick<Store, 'decideToken' | 'findCutOff'>
}

/** A session for someone unknown (seed 002). Nothing is written, unless an embed ticket is spent. */
export const mintGuest = { act }

async function act(needs: Needs, input: Input): Promise<OutputOf<typeof visitorGuest>> {
  const { clientKey } = needs
  const begun = beginSession(needs)
  requireOpenFor(clientKey, 'guest')
  requireAgent(clientKey, input.agent_id)
  const isWidget = needs.widgetOrigins.has(needs.origin)
  const ticket = isWidget ? await checkEmbedTicket(needs, input.embed_ticket) : undefined
  if (ticket) await spendEmbedTicket(needs, ticket)
  const state = {
    ...begun,
    account_id: clientKey.accountId,
    client_key_id: clientKey.id,
    visitor_id: randomUuid(needs.clock),
    agent_id: clientKey.config.agent.id,
    auth_mode: 'guest' as const,
    origin: ticket?.origin ?? needs.origin,
    ...(input.metadata ? { metadata: input.metadata } : {}),
  }
  return sessionAnswer(needs, state)
}
