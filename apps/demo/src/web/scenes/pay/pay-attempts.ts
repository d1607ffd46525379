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
    id: 'other-account',
    title: 'Request another account’s customer',
    about: 'The shop requests a token for a customer of another account.',
    control:
      'The secret key alone determines the account. Another account’s customer looks like one that doesn’t exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => lastCall(await askBackend(flow, 'bridge', { of: 'otherAccount' })),
  },
  {
    id: 'tampered',
    title: 'Change the customer in a token',
    about: 'Replaces the customer in a valid token and keeps the signature.',
    control: 'The signature covers every byte. This browser, the widget and Hallpass can all detect the change.',
    stoppedBy: 'inactive',
    run: async ({ flow }) => introspect(flow, withClaims(await bridgeToken(flow), { sub: crypto.randomUUID() })),
  },
  {
    id: 'wrong-kind',
    title: 'Use it to log in to the chat',
    about: 'Presents the bridge token where a visitor token is expected.',
    control: 'Each kind of token has its own typ and audience, and each endpoint accepts one kind only.',
    stoppedBy: 'invalid_token',
    run: async (deps) => {
      const token = await bridgeToken(deps.flow)
      return (await askHallpass(deps, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'idempotency',
    title: 'Reuse an idempotency key',
    about: 'Sends the same Idempotency-Key again with a different external_id.',
    control:
      'A key belongs to one request. Repeating it returns the same response; any other request with the key conflicts.',
    stoppedBy: 'idempotency_conflict',
    run: async ({ flow }) => {
      const idempotency_key = freshKey()
      await askBackend(flow, 'bridge', { idempotency_key, external_id: 'order-1' })
      return lastCall(await askBackend(flow, 'bridge', { idempotency_key, external_id: 'order-2' }))
    },
  },
  {
    id: 'expired',
    title: 'Use it too late',
    about: 'A sandbox fault makes the token expire after one second. It is used after two.',
    control: 'Every token expires. Hallpass rejects it from then on.',
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
    about: 'The shop revokes the token, but someone kept a copy.',
    control: 'Every replica remembers the id of a revoked token until the token would have expired.',
    stoppedBy: 'inactive',
    run: async ({ flow }) => {
      const token = await bridgeToken(flow)
      await askBackend(flow, 'revoke', { token })
      return introspect(flow, token)
    },
  },
]
