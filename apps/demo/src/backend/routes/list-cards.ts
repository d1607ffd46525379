import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'
import { askHallpass } from '../hallpass/ask-hallpass.js'

interface Needs {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  readonly secretKey: string
}

/** Tells the page how the customer's cards stand. */
export function listCards(app: FastifyInstance, { addresses, secretKey }: Needs): void {
  app.post('/api/cards', async (_, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'backend' } as const
    const { status, body } = await askHallpass(asker, (hallpass) => hallpass.admin.cards.list({}))
    return reply.status(status).send(body)
  })
}
