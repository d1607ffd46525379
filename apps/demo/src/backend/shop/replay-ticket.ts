import type { FastifyInstance } from 'fastify'
import type { BackendAnswer, Call } from '../../shared/backend-api.js'
import { recordCall } from '../../shared/record-call.js'
import type { Addresses } from '../addresses.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl' | 'widgetsUrl'>
  readonly clientKey: string
}

const body = {
  type: 'object',
  required: ['embed_ticket'],
  additionalProperties: false,
  properties: { embed_ticket: { type: 'string', minLength: 1, maxLength: 4096 } },
} as const

/** Presents an embed ticket as an attacker's script would: outside a browser, anyone can send the iframe's Origin. */
export function replayTicket(app: FastifyInstance, { addresses, clientKey }: Deps): void {
  app.post<{ Body: { embed_ticket: string } }>('/api/replay-ticket', { schema: { body } }, async (request, reply) => {
    const calls: Call[] = []
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: addresses.widgetsUrl },
      body: JSON.stringify({ client_key: clientKey, embed_ticket: request.body.embed_ticket }),
    }
    const asked = { url: `${addresses.hallpassUrl}/api/v1/widget/auth/guest`, init, operation: 'visitor.guest' }
    const response = await recordCall({ from: 'backend', to: 'hallpass' }, asked, (call) => calls.push(call))
    const refusal = { reason: response.headers.get('X-Error-Reason') ?? 'unknown', message: await response.text() }
    const answer: BackendAnswer<object> = response.ok ? { answer: {}, calls } : { refusal, calls }
    return reply.status(response.status).send(answer)
  })
}
