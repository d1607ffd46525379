import type { Attempt, AttemptNeeds } from '../../attempts/attempt.js'
import { lastCall, withClaims } from '../../attempts/steps.js'
import { visitEvilPage } from '../../attempts/visit-evil-page.js'
import { askBackend } from '../../calls/ask-backend.js'
import { askHallpass } from '../../calls/ask-hallpass.js'
import type { ShownCall } from '../../flow/exchange.js'
import { createFlow } from '../../flow/flow.js'

async function embedTicket(needs: AttemptNeeds): Promise<string> {
  const asked = { client_key: needs.settings.clientKey }
  const { answer } = await askHallpass<{ ticket: string }>(needs, 'visitor.embedTicket', asked)
  if (answer) return answer.ticket
  throw new Error('there was no ticket to begin with')
}

/** As a script of somebody's, from outside any browser. */
async function replay({ flow }: AttemptNeeds, embed_ticket: string): Promise<ShownCall> {
  const asked = await askBackend(createFlow(), 'replay-ticket', { embed_ticket })
  const call: ShownCall = { ...lastCall(asked), from: 'evil' }
  flow.add(call)
  return call
}

export const ownAttempts: readonly Attempt[] = [
  {
    id: 'evil-ticket',
    title: 'Embed it in an evil page',
    about: 'A page on another origin asks for the ticket that its iframe would need.',
    control: 'The browser itself says which page asks, and this one is not on the allowlist of the client key.',
    stoppedBy: 'origin_not_allowed',
    run: (needs) => visitEvilPage(needs, 'embed-ticket'),
  },
  {
    id: 'ticket-twice',
    title: 'Use a ticket twice',
    about: 'A script pretends to be the iframe, which any script can, and hands one ticket in for two sessions.',
    control: 'A ticket is good for one session. Spending it is one conditional write in the database.',
    stoppedBy: 'origin_not_allowed',
    run: async (needs) => {
      const ticket = await embedTicket(needs)
      await replay(needs, ticket)
      return replay(needs, ticket)
    },
  },
  {
    id: 'ticket-tampered',
    title: 'Write another page into it',
    about: 'The same script changes the origin in a genuine ticket.',
    control: 'The signature covers every byte, so the ticket is worth nothing.',
    stoppedBy: 'origin_not_allowed',
    run: async (needs) => replay(needs, withClaims(await embedTicket(needs), { origin: needs.settings.evilUrl })),
  },
  {
    id: 'ticket-kind',
    title: 'Log in with a ticket',
    about: 'The ticket is handed in where a visitor token belongs.',
    control: 'Every kind has its own typ and audience, and each door takes one kind only.',
    stoppedBy: 'invalid_token',
    run: async (needs) => {
      const token = await embedTicket(needs)
      return (await askHallpass(needs, 'visitor.exchange', { token })).call
    },
  },
]
