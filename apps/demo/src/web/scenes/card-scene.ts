import { askBackend } from '../calls/ask-backend.js'
import { concludeRun } from './conclude-run.js'
import type { Memory, Scene, Step } from './scene.js'

interface Redeemed {
  readonly card_id: string
  readonly widget_type: string
  readonly redeemed_at: string
}

const cardToken: Step = {
  id: 'card-token',
  title: 'Get a card widget token',
  about: 'One token for one card and one widget. It says nothing about either: only Hallpass knows what it stands for.',
  run: async () =>
    concludeRun(await askBackend<{ tenant: string; widget_token: string }>('card-token'), (answer) => ({
      facts: [{ name: 'tenant', value: answer.tenant }],
      tokens: [{ name: 'Card widget token', raw: answer.widget_token }],
      remember: { card: { token: answer.widget_token, isSpent: false } },
    })),
}

const redeem: Step = {
  id: 'redeem',
  title: 'Redeem it',
  about: 'The widget hands the token in. Whoever is about to show the card redeems it and learns which card that is.',
  waitsFor: ({ card }) => (card ? undefined : 'a card widget token'),
  run: ({ memory }) => redeemCard(memory),
}

const redeemAgain: Step = {
  id: 'redeem-again',
  title: 'Redeem it a second time',
  about: 'The same request again, as a thief or a retry would send it. There is exactly one success for each token.',
  refusedWith: 'token_already_used',
  waitsFor: ({ card }) => (card?.isSpent ? undefined : 'a redeemed token'),
  run: ({ memory }) => redeemCard(memory),
}

async function redeemCard({ card }: Memory) {
  const token = card?.token ?? ''
  return concludeRun(await askBackend<Redeemed>('redeem', { widget_token: token }), (redeemed) => ({
    facts: [
      { name: 'card_id', value: redeemed.card_id },
      { name: 'widget_type', value: redeemed.widget_type },
      { name: 'redeemed_at', value: redeemed.redeemed_at },
    ],
    remember: { card: { token, isSpent: true } },
  }))
}

export const cardScene: Scene = {
  id: 'card',
  title: 'Card',
  about: 'Show a card’s number on the page: an opaque token, good for five minutes and for one use.',
  steps: [cardToken, redeem, redeemAgain],
}
