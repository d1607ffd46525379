import { allowsOrigin, type OutputOf, type ParsedInputOf, timeOfId, type visitorGuest } from '@hallpass/contracts'
import { HallpassError } from '../../errors.js'
import { randomUuid } from '../../ids.js'
import { isCutOff } from '../../revocation/is-cut-off.js'
import { beginSession, type SessionNeeds, sessionAnswer } from '../../sessions/session.js'
import type { Verify } from '../../signing/verify-token.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { requireAgent, requireOpenFor } from './client-key-rules.js'

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
  const origin = needs.widgetOrigins.has(needs.origin) ? await ticketOrigin(needs, input.embed_ticket) : needs.origin
  const state = {
    ...begun,
    account_id: clientKey.accountId,
    client_key_id: clientKey.id,
    visitor_id: randomUuid(needs.clock),
    agent_id: clientKey.config.agent.id,
    auth_mode: 'guest' as const,
    origin,
    ...(input.metadata ? { metadata: input.metadata } : {}),
  }
  return sessionAnswer(needs, state)
}

/** A widget page of our own speaks for the page around it, whose origin only a ticket proves, once. */
async function ticketOrigin(needs: Needs, ticket: string | undefined): Promise<string> {
  const { clientKey, clock, store } = needs
  const claims = ticket === undefined ? undefined : await needs.verify('embed-ticket', ticket)
  if (claims?.sub !== clientKey.id || !allowsOrigin(clientKey.allowlist, claims.origin)) throw notProven(ticket)
  if (await isCutOff(needs, { account_id: claims.account_id, client_key_id: claims.sub }, timeOfId(claims.jti)))
    throw notProven(ticket)
  const name = { accountId: claims.account_id, kind: 'embed-ticket', jti: claims.jti } as const
  const times = { now: clock.now(), expiresAt: claims.exp * 1000 }
  if (!(await store.decideToken(name, 'spent', times))) throw notProven(ticket)
  return claims.origin
}

function notProven(ticket: string | undefined): HallpassError {
  const explain = () => ({
    rule: "A page of the server's own widget origins needs a live embed_ticket of the page around it, once.",
    seen:
      ticket === undefined
        ? 'no embed_ticket'
        : 'an embed_ticket that has expired, was used, or is not of this client key',
    fix: 'Let the page around it get a ticket right before, by embed-ticket.',
  })
  return new HallpassError('origin_not_allowed', 'a live embed ticket is needed here', { explain })
}
