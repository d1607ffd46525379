import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../../addresses.js'
import { replyFromHallpass } from '../../hallpass/ask-hallpass.js'
import { readSession } from '../read-session.js'
import { setBounded } from '../set-bounded.js'

interface Needs {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** What the widget host may do at Hallpass: ask about tokens. */
  readonly secretKey: string
}

const rating = {
  type: 'object',
  required: ['stars'],
  additionalProperties: false,
  properties: { stars: { type: 'integer', minimum: 1, maximum: 5 } },
} as const

const mostVisitors = 500

/** What is behind the rating widget: it takes a rating from whoever holds a session, and asks Hallpass who that is. */
export function registerOwnWidget(app: FastifyInstance, { addresses, secretKey }: Needs): void {
  const stars = new Map<string, number>()

  app.get('/api/own/settings', () => ({ hallpassUrl: addresses.hallpassUrl }))

  app.post<{ Body: { stars: number } }>('/api/own/rating', { schema: { body: rating } }, (request, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' } as const
    return replyFromHallpass(reply, asker, async (hallpass) => {
      const { sub } = await readSession(hallpass, request)
      // one visitor has one voice, also after changing it
      setBounded(stars, [sub, request.body.stars], mostVisitors)
      return { ratings: stars.size }
    })
  })
}
