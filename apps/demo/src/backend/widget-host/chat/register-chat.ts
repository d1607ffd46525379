import type { SessionClaims } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Conversation } from '../../../shared/chat-api.js'
import type { Addresses } from '../../addresses.js'
import { replyFromHallpass } from '../../hallpass/ask-hallpass.js'
import { readSession } from '../read-token.js'
import { createConversations } from './conversations.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** A key with the scope to introspect tokens. */
  readonly secretKey: string
}

const messageBody = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string', minLength: 1, maxLength: 500 } },
} as const

/** The chat widget's API. A conversation is available to active sessions of its visitor. */
export function registerChat(app: FastifyInstance, { addresses, secretKey }: Deps): void {
  const conversations = createConversations()
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    conversationOf: (visitor: SessionClaims) => Conversation['messages'],
  ) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' } as const
    return replyFromHallpass(reply, asker, async (hallpass): Promise<Conversation> => {
      return { messages: conversationOf(await readSession(hallpass, request)) }
    })
  }

  app.get('/api/chat/messages', (request, reply) => answer(request, reply, ({ sub }) => conversations.of(sub)))

  app.post<{ Body: { text: string } }>('/api/chat/messages', { schema: { body: messageBody } }, (request, reply) =>
    answer(request, reply, (visitor) => conversations.say(visitor, request.body.text)),
  )
}
