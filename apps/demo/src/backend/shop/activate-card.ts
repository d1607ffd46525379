import type { Addresses } from '../addresses.js'
import { askHallpass, type BackendReply } from '../hallpass/ask-hallpass.js'
import type { Shop } from '../read-shop.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  readonly shop: Pick<Shop, 'secretKey'>
}

/** Activates a card for the bank after its processor reports the activation: redeeming a token doesn't change the card. */
export function activateCard({ addresses, shop }: Deps, card_id: string): Promise<BackendReply<unknown>> {
  const asker = { hallpassUrl: addresses.hallpassUrl, secretKey: shop.secretKey, as: 'backend' } as const
  return askHallpass(asker, async (hallpass) => {
    const { last_four, ...card } = await hallpass.admin.cards.get({ card_id })
    return hallpass.admin.cards.upsert({ ...card, ...(last_four === null ? {} : { last_four }), status: 'ACTIVE' })
  })
}
