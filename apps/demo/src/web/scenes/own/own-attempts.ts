import type { Attempt, AttemptDeps } from '../../attempts/attempt.js'
import { lastCall, withClaims } from '../../attempts/steps.js'
import { visitAttackerPage } from '../../attempts/visit-attacker-page.js'
import { askBackend } from '../../calls/ask-backend.js'
import { askHallpass } from '../../calls/ask-hallpass.js'
import type { ShownCall } from '../../flow/exchange.js'
import { createFlow } from '../../flow/flow.js'

async function embedTicket(deps: AttemptDeps): Promise<string> {
  const asked = { client_key: deps.settings.clientKey }
  const { answer } = await askHallpass<{ ticket: string }>(deps, 'visitor.embedTicket', asked)
  if (answer) return answer.ticket
  throw new Error('Hallpass didn’t return a ticket.')
}

/** Presents a ticket as an attacker's script would, outside a browser. */
async function replay({ flow }: AttemptDeps, embed_ticket: string): Promise<ShownCall> {
  const asked = await askBackend(createFlow(), 'replay-ticket', { embed_ticket })
  const call: ShownCall = { ...lastCall(asked), from: 'attacker' }
  flow.add(call)
  return call
}

export const ownAttempts: readonly Attempt[] = [
  {
    id: 'attacker-ticket',
    title: 'Embed it in an attacker’s page',
    about: 'A page on another origin requests the ticket that its iframe would need.',
    control: 'The browser sends the page’s origin, which isn’t on the client key’s allowlist.',
    stoppedBy: 'origin_not_allowed',
    run: (deps) => visitAttackerPage(deps, 'embed-ticket'),
  },
  {
    id: 'ticket-twice',
    title: 'Use a ticket twice',
    about: 'A script pretends to be the iframe, as any script can, and presents one ticket for two sessions.',
    control: 'A ticket is valid for one session. Redeeming it is one conditional write in the database.',
    stoppedBy: 'origin_not_allowed',
    run: async (deps) => {
      const ticket = await embedTicket(deps)
      await replay(deps, ticket)
      return replay(deps, ticket)
    },
  },
  {
    id: 'ticket-tampered',
    title: 'Change the origin in a ticket',
    about: 'A script replaces the origin in a valid ticket.',
    control: 'The signature covers every byte, so the changed ticket is invalid.',
    stoppedBy: 'origin_not_allowed',
    run: async (deps) => replay(deps, withClaims(await embedTicket(deps), { origin: deps.settings.attackerUrl })),
  },
  {
    id: 'ticket-kind',
    title: 'Log in with a ticket',
    about: 'Presents the ticket where a visitor token is expected.',
    control: 'Each kind of token has its own typ and audience, and each endpoint accepts one kind only.',
    stoppedBy: 'invalid_token',
    run: async (deps) => {
      const token = await embedTicket(deps)
      return (await askHallpass(deps, 'visitor.exchange', { token })).call
    },
  },
]
