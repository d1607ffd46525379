import type { HallpassClient } from '@hallpass/client'
import type { FastifyInstance } from 'fastify'
import type { CardAct, CardActed } from '../../../shared/card-api.js'
import type { Addresses } from '../../addresses.js'
import { askHallpass } from '../../hallpass/ask-hallpass.js'
import { type CardVault, createCardVault } from './card-vault.js'

interface Needs {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** What the processor may do at Hallpass: redeem card tokens and change cards. */
  readonly secretKey: string
}

const act = {
  type: 'object',
  required: ['widget_token', 'widget_type'],
  additionalProperties: false,
  properties: {
    widget_token: { type: 'string', minLength: 1, maxLength: 100 },
    widget_type: { type: 'string', enum: ['ACTIVATE', 'GET_PIN', 'REVEAL', 'SET_PIN'] },
    pin: { type: 'string', pattern: '^[0-9]{4}$' },
  },
  // a PIN is needed to set one, and belongs nowhere else
  if: { properties: { widget_type: { const: 'SET_PIN' } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  then: { required: ['pin'] },
  else: { not: { required: ['pin'] } },
} as const

/** The card processor: does what a card widget asks for, once for each token. */
export function registerCard(app: FastifyInstance, { addresses, secretKey }: Needs): void {
  const vault = createCardVault()
  app.post<{ Body: CardAct }>('/api/card/act', { schema: { body: act } }, async (request, reply) => {
    const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'processor' } as const
    const { status, body } = await askHallpass(asker, (hallpass) => actOn(hallpass, vault, request.body))
    return reply.status(status).send(body)
  })
}

/** Redeems the token first: which card it is, and that this may be done, is Hallpass's to say. */
async function actOn(hallpass: HallpassClient, vault: CardVault, input: CardAct): Promise<CardActed> {
  const { widget_token, widget_type, pin } = input
  const { card_id } = await hallpass.tokens.redeem({ widget_token, widget_type })
  const { last_four, ...card } = await hallpass.admin.cards.get({ card_id })
  const lastFour = last_four ?? '0000'
  if (widget_type === 'ACTIVATE') await hallpass.admin.cards.upsert({ ...card, last_four: lastFour, status: 'ACTIVE' })
  if (widget_type === 'SET_PIN' && pin !== undefined) vault.setPin(card_id, pin)
  return {
    last_four: lastFour,
    ...(widget_type === 'REVEAL' ? vault.secretsOf({ id: card_id, lastFour }) : {}),
    ...(widget_type === 'GET_PIN' ? { pin: vault.pinOf(card_id) } : {}),
  }
}
