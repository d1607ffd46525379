import { widgetTypes } from '@hallpass/contracts/core'
import type { FastifyInstance } from 'fastify'
import type { CardAct, CardActed } from '../../../shared/card-api.js'
import type { Addresses } from '../../addresses.js'
import { askHallpass, type BackendReply } from '../../hallpass/ask-hallpass.js'
import type { Shop } from '../../read-shop.js'
import { type CardVault, createCardVault } from './card-vault.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** A key with the scope to redeem card tokens. */
  readonly secretKey: string
  /** The cards that the processor issued. */
  readonly cards: Shop['cards']
  readonly onActivated: OnActivated
}

/** Informs the bank about an activation, because only the bank's key can change the card at Hallpass. */
export type OnActivated = (cardId: string) => Promise<BackendReply<unknown>>

const act = {
  type: 'object',
  required: ['widget_token', 'widget_type'],
  additionalProperties: false,
  properties: {
    widget_token: { type: 'string', minLength: 1, maxLength: 100 },
    widget_type: { type: 'string', enum: widgetTypes },
    pin: { type: 'string', pattern: '^[0-9]{4}$' },
  },
  // SET_PIN requires a PIN; other actions don't accept one
  if: { properties: { widget_type: { const: 'SET_PIN' } } },
  // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
  then: { required: ['pin'] },
  else: { not: { required: ['pin'] } },
} as const

/** The card processor's API: performs one action for each token. */
export function registerCard(app: FastifyInstance, { addresses, secretKey, cards, onActivated }: Deps): void {
  const vault = createCardVault(cards)
  app.post<{ Body: CardAct }>('/api/card/act', { schema: { body: act } }, async (request, reply) => {
    const { widget_token, widget_type } = request.body
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'processor' } as const
    // Hallpass decides whether this action is allowed, and for which card
    const redeemed = await askHallpass(asker, (hallpass) => hallpass.tokens.redeem({ widget_token, widget_type }))
    if ('refusal' in redeemed.body) return reply.status(redeemed.status).send(redeemed.body)
    const { answer, calls } = redeemed.body
    if (widget_type !== 'ACTIVATE') return reply.send({ answer: actOn(vault, answer.card_id, request.body), calls })
    const { status, body } = await onActivated(answer.card_id)
    const outcome = 'refusal' in body ? body : { answer: actOn(vault, answer.card_id, request.body) }
    return reply.status(status).send({ ...outcome, calls: [...calls, ...body.calls] })
  })
}

function actOn(vault: CardVault, cardId: string, { widget_type, pin }: CardAct): CardActed {
  if (widget_type === 'SET_PIN' && pin !== undefined) vault.setPin(cardId, pin)
  return {
    last_four: vault.lastFourOf(cardId),
    ...(widget_type === 'REVEAL' ? vault.secretsOf(cardId) : {}),
    ...(widget_type === 'GET_PIN' ? { pin: vault.pinOf(cardId) } : {}),
  }
}
