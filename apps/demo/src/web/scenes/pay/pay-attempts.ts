import type { Attempt } from '../../attempts/attempt.js'
import { answerOf, freshKey, lastCall, wait, withClaims } from '../../attempts/steps.js'
import { askBackend } from '../../calls/ask-backend.js'
import { askHallpass } from '../../calls/ask-hallpass.js'
import type { Flow } from '../../flow/flow.js'

const bridgeToken = async (flow: Flow, body?: object) =>
  answerOf(await askBackend<{ bridge_token: string }>(flow, 'bridge', body)).bridge_token

const introspect = async (flow: Flow, token: string) => lastCall(await askBackend(flow, 'introspect', { token }))

export const payAttempts: readonly Attempt[] = [
  {
    id: 'stranger',
    title: 'Pay with a stranger’s bank',
    about: 'The shop asks for a token for a customer of another account.',
    control:
      'The account comes from the secret key alone. What belongs to another account is answered like what does not exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => lastCall(await askBackend(flow, 'bridge', { of: 'stranger' })),
  },
  {
    id: 'tampered',
    title: 'Change whom it speaks for',
    about: 'Another customer is written into a genuine token; the signature stays.',
    control: 'The signature covers every byte. This browser, the widget and Hallpass each see that it no longer fits.',
    stoppedBy: 'inactive',
    run: async ({ flow }) => introspect(flow, withClaims(await bridgeToken(flow), { sub: crypto.randomUUID() })),
  },
  {
    id: 'wrong-kind',
    title: 'Use it to log in to the chat',
    about: 'The bridge token is handed in where a visitor token belongs.',
    control: 'Every kind has its own typ and audience, and each door takes one kind only.',
    stoppedBy: 'invalid_token',
    run: async (needs) => {
      const token = await bridgeToken(needs.flow)
      return (await askHallpass(needs, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'idempotency',
    title: 'Replay a key with another order',
    about: 'The same Idempotency-Key comes again, with a different external_id.',
    control: 'A key stands for one request. A repeat gets the same answer; anything else under it is a conflict.',
    stoppedBy: 'idempotency_conflict',
    run: async ({ flow }) => {
      const idempotency_key = freshKey()
      await askBackend(flow, 'bridge', { idempotency_key, external_id: 'order-1' })
      return lastCall(await askBackend(flow, 'bridge', { idempotency_key, external_id: 'order-2' }))
    },
  },
  {
    id: 'expired',
    title: 'Come back too late',
    about: 'A sandbox fault gives the token one second to live; it is used after two.',
    control: 'Every token says when it ends, and nobody accepts it after that.',
    stoppedBy: 'inactive',
    run: async ({ flow }) => {
      const token = await bridgeToken(flow, { fault: 'expire_in=1' })
      await wait(2)
      return introspect(flow, token)
    },
  },
  {
    id: 'revoked',
    title: 'Use it after it was revoked',
    about: 'The shop takes the token back; somebody kept a copy.',
    control: 'A revoked token is remembered by its number until it would have expired, on every replica.',
    stoppedBy: 'inactive',
    run: async ({ flow }) => {
      const token = await bridgeToken(flow)
      await askBackend(flow, 'revoke', { token })
      return introspect(flow, token)
    },
  },
]
