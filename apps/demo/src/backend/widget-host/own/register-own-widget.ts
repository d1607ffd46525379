import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../../addresses.js'
import { replyFromHallpass } from '../../hallpass/ask-hallpass.js'
import { readSession } from '../read-token.js'
import { setBounded } from '../set-bounded.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** A key with the scope to introspect tokens. */
  readonly secretKey: string
}

const rating = {
  type: 'object',
  required: ['stars'],
  additionalProperties: false,
  properties: { stars: { type: 'integer', minimum: 1, maximum: 5 } },
} as const

const mostVisitors = 500

/** The rating widget's API. It accepts a rating from any active session, and asks Hallpass for its visitor. */
export function registerOwnWidget(app: FastifyInstance, { addresses, secretKey }: Deps): void {
  const stars = new Map<string, number>()

  app.get('/api/own/settings', () => ({ hallpassUrl: addresses.hallpassUrl }))

  app.post<{ Body: { stars: number } }>('/api/own/rating', { schema: { body: rating } }, (request, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' } as const
    return replyFromHallpass(reply, asker, async (hallpass) => {
      const { sub } = await readSession(hallpass, request)
      // one rating per visitor: a new one replaces the old one
      setBounded(stars, [sub, request.body.stars], mostVisitors)
      return { ratings: stars.size }
    })
  })
}
