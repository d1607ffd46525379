import type { Attempt } from '../../attempts/attempt.js'
import { answerOf, freshKey, lastCall, wait } from '../../attempts/steps.js'
import { askBackend } from '../../calls/ask-backend.js'
import type { Flow } from '../../flow/flow.js'

const cardToken = async (flow: Flow, body: object = {}) =>
  answerOf(await askBackend<{ widget_token: string }>(flow, 'card-token', body)).widget_token

const redeem = async (flow: Flow, widget_token: string, more: object = {}) =>
  lastCall(await askBackend(flow, 'redeem', { widget_token, ...more }))

export const cardAttempts: readonly Attempt[] = [
  {
    id: 'spend-twice',
    title: 'Spend it twice',
    about: 'A token that was redeemed is redeemed again.',
    control: 'Spending is one conditional write in the database. Of any number of tries exactly one succeeds.',
    stoppedBy: 'token_already_used',
    run: async ({ flow }) => {
      const token = await cardToken(flow)
      await redeem(flow, token)
      return redeem(flow, token)
    },
  },
  {
    id: 'wrong-type',
    title: 'Use it for another widget',
    about: 'A token that shows the card number is handed in to set a PIN.',
    control:
      'The widget type is part of what the token stands for. The right widget can still use it: it was not spent.',
    stoppedBy: 'token_wrong_widget_type',
    run: async ({ flow }) => redeem(flow, await cardToken(flow), { widget_type: 'SET_PIN' }),
  },
  {
    id: 'tampered',
    title: 'Guess a token',
    about: 'One digit of a genuine token is changed.',
    control: 'A token is 122 bits of chance, and only its keyed hash is stored. A near miss is a miss.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => {
      const token = await cardToken(flow)
      return redeem(
        flow,
        token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      )
    },
  },
  {
    id: 'expired',
    title: 'Come back too late',
    about: 'A sandbox fault gives the token one second to live; it is redeemed after two.',
    control: 'A token says when it ends, and the write that spends it asks for that too.',
    stoppedBy: 'token_expired',
    run: async ({ flow }) => {
      const token = await cardToken(flow, { fault: 'expire_in=1' })
      await wait(2)
      return redeem(flow, token)
    },
  },
  {
    id: 'foreign-card',
    title: 'Ask for a stranger’s card',
    about: 'The bank asks for a token for a card of another account.',
    control: 'The account comes from the secret key alone. A foreign card is answered like one that does not exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => lastCall(await askBackend(flow, 'card-token', { of: 'stranger' })),
  },
  {
    id: 'foreign-redeem',
    title: 'Spend a stranger’s token',
    about: 'Another customer of Hallpass redeems this token with its own genuine key.',
    control: 'Every query names the account of the key. To this one the token was never made.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => redeem(flow, await cardToken(flow), { by: 'stranger' }),
  },
  {
    id: 'idempotency',
    title: 'Replay a key for another card',
    about: 'The same Idempotency-Key comes again, for another widget.',
    control: 'A key stands for one request. A repeat gets the same token; anything else under it is refused.',
    stoppedBy: 'idempotency_invalid_reuse',
    run: async ({ flow }) => {
      const idempotency_key = freshKey()
      await askBackend(flow, 'card-token', { idempotency_key, widget_type: 'REVEAL' })
      return lastCall(await askBackend(flow, 'card-token', { idempotency_key, widget_type: 'GET_PIN' }))
    },
  },
]
