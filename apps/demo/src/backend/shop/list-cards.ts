import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'
import { replyFromHallpass } from '../hallpass/ask-hallpass.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  readonly secretKey: string
}

/** Lists the cards and their status. */
export function listCards(app: FastifyInstance, { addresses, secretKey }: Deps): void {
  app.post('/api/cards', (_, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'backend' } as const
    return replyFromHallpass(reply, asker, (hallpass) => hallpass.admin.cards.list({}))
  })
}
