import { widgetTypes } from '@hallpass/contracts/core'
import type { FastifyInstance } from 'fastify'
import type { CardAct, CardActed } from '../../../shared/card-api.js'
import type { Addresses } from '../../addresses.js'
import { askHallpass, type BackendReply } from '../../hallpass/ask-hallpass.js'
import type { Shop } from '../../read-shop.js'
import { type CardVault, createCardVault } from './card-vault.js'

interface Needs {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** What the processor may do at Hallpass: redeem card tokens. */
  readonly secretKey: string
  /** The cards that it has made. */
  readonly cards: Shop['cards']
  readonly tellActivated: TellActivated
}

/** Tells the bank that a card was activated: how a card stands at Hallpass is the bank's to say, with its own key. */
export type TellActivated = (cardId: string) => Promise<BackendReply<unknown>>

const act = {
  type: 'object',
  required: ['widget_token', 'widget_type'],
  additionalProperties: false,
  properties: {
    widget_token: { type: 'string', minLength: 1, maxLength: 100 },
    widget_type: { type: 'string', enum: widgetTypes },
    pin: { type: 'string', pattern: '^[0-9]{4}$' },
  },
  // a PIN is needed to set one, and belongs nowhere else
  if: { properties: { widget_type: { const: 'SET_PIN' } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  then: { required: ['pin'] },
  else: { not: { required: ['pin'] } },
} as const

/** The card processor: does what a card widget asks for, once for each token. */
export function registerCard(app: FastifyInstance, { addresses, secretKey, cards, tellActivated }: Needs): void {
  const vault = createCardVault(cards)
  app.post<{ Body: CardAct }>('/api/card/act', { schema: { body: act } }, async (request, reply) => {
    const { widget_token, widget_type } = request.body
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'processor' } as const
    // which card it is, and that this may be done, is Hallpass's to say
    const redeemed = await askHallpass(asker, (hallpass) => hallpass.tokens.redeem({ widget_token, widget_type }))
    if ('refusal' in redeemed.body) return reply.status(redeemed.status).send(redeemed.body)
    const { answer, calls } = redeemed.body
    if (widget_type !== 'ACTIVATE') return reply.send({ answer: actOn(vault, answer.card_id, request.body), calls })
    const { status, body } = await tellActivated(answer.card_id)
    const told = 'refusal' in body ? body : { answer: actOn(vault, answer.card_id, request.body) }
    return reply.status(status).send({ ...told, calls: [...calls, ...body.calls] })
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
