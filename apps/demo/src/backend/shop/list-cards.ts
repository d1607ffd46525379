import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'
import { replyFromHallpass } from '../hallpass/ask-hallpass.js'

interface Needs {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  readonly secretKey: string
}

/** Tells the page how the customer's cards stand. */
export function listCards(app: FastifyInstance, { addresses, secretKey }: Needs): void {
  app.post('/api/cards', (_, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'backend' } as const
    return replyFromHallpass(reply, asker, (hallpass) => hallpass.admin.cards.list({}))
  })
}
