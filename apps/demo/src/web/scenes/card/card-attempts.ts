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
    title: 'Redeem it twice',
    about: 'Redeems a token that has already been redeemed.',
    control: 'Redeeming is one conditional write in the database. Of any number of attempts, exactly one succeeds.',
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
    about: 'Uses a token for showing the card number to set a PIN.',
    control:
      'A token is bound to its widget type. The failed attempt doesn’t use it up, so the right widget can still redeem it.',
    stoppedBy: 'token_wrong_widget_type',
    run: async ({ flow }) => redeem(flow, await cardToken(flow), { widget_type: 'SET_PIN' }),
  },
  {
    id: 'tampered',
    title: 'Guess a token',
    about: 'Changes one digit of a valid token.',
    control: 'A token has 122 random bits, and only its keyed hash is stored. A near miss reveals nothing.',
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
    title: 'Redeem it too late',
    about: 'A sandbox fault makes the token expire after one second. It is redeemed after two.',
    control: 'Every token expires, and the write that redeems it checks the expiry too.',
    stoppedBy: 'token_expired',
    run: async ({ flow }) => {
      const token = await cardToken(flow, { fault: 'expire_in=1' })
      await wait(2)
      return redeem(flow, token)
    },
  },
  {
    id: 'foreign-card',
    title: 'Request another account’s card',
    about: 'The bank requests a token for a card of another account.',
    control: 'The secret key alone determines the account. Another account’s card looks like one that doesn’t exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => lastCall(await askBackend(flow, 'card-token', { of: 'otherAccount' })),
  },
  {
    id: 'foreign-redeem',
    title: 'Redeem it from another account',
    about: 'Another Hallpass account redeems this token with its own valid key.',
    control: 'Every query is limited to the account of the key. For the other account, this token doesn’t exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => redeem(flow, await cardToken(flow), { by: 'otherAccount' }),
  },
  {
    id: 'idempotency',
    title: 'Reuse an idempotency key',
    about: 'Sends the same Idempotency-Key again with another widget type.',
    control:
      'A key belongs to one request. Repeating it returns the same token; any other request with the key is refused.',
    stoppedBy: 'idempotency_invalid_reuse',
    run: async ({ flow }) => {
      const idempotency_key = freshKey()
      await askBackend(flow, 'card-token', { idempotency_key, widget_type: 'REVEAL' })
      return lastCall(await askBackend(flow, 'card-token', { idempotency_key, widget_type: 'GET_PIN' }))
    },
  },
]
