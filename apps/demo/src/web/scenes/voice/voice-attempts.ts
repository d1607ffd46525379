import type { Attempt } from '../../attempts/attempt.js'
import { answerOf, lastCall, wait } from '../../attempts/steps.js'
import { askBackend } from '../../calls/ask-backend.js'
import type { Flow } from '../../flow/flow.js'

const mint = async (flow: Flow, body: object = {}) =>
  answerOf(await askBackend<{ token: string }>(flow, 'voice-token', body)).token

const redeem = async (flow: Flow, token: string, more: object = {}) =>
  lastCall(await askBackend(flow, 'voice-redeem', { token, ...more }))

export const voiceAttempts: readonly Attempt[] = [
  {
    id: 'call-twice',
    title: 'Call twice',
    about: 'Redeems a token that has already started a call.',
    control: 'The declaration permits one use. Each use is one conditional write in the database.',
    stoppedBy: 'token_already_used',
    run: async ({ flow }) => {
      const token = await mint(flow)
      await redeem(flow, token)
      return redeem(flow, token)
    },
  },
  {
    id: 'too-late',
    title: 'Call too late',
    about: 'A sandbox fault makes the token expire after one second. It is redeemed after two.',
    control: 'The write that uses the token also checks its expiry and the deadline of its first use.',
    stoppedBy: 'token_expired',
    run: async ({ flow }) => {
      const token = await mint(flow, { fault: 'expire_in=1' })
      await wait(2)
      return redeem(flow, token)
    },
  },
  {
    id: 'unknown-voice',
    title: 'Ask for a voice that doesn’t exist',
    about: 'The museum mints a token with a voice that isn’t in the declaration.',
    control: 'Claims must match the schema of the declaration, so a widget never meets others.',
    stoppedBy: 'validation_failed',
    run: async ({ flow }) => lastCall(await askBackend(flow, 'voice-token', { voice: 'siren' })),
  },
  {
    id: 'other-exhibit',
    title: 'Call about another exhibit',
    about: 'Uses the token for the diving bell, which is in the next room.',
    control: 'The token names its resource. The failed attempt doesn’t use it up.',
    stoppedBy: 'token_wrong_resource',
    run: async ({ flow }) => redeem(flow, await mint(flow), { exhibit: 'diving-bell' }),
  },
  {
    id: 'other-action',
    title: 'Do something else with it',
    about: 'Uses the token to record a call instead of making one.',
    control: 'A token permits the actions of its declaration only. The failed attempt doesn’t use it up.',
    stoppedBy: 'token_action_not_allowed',
    run: async ({ flow }) => redeem(flow, await mint(flow), { action: 'record' }),
  },
  {
    id: 'other-kind',
    title: 'Pass it off as another kind',
    about: 'Redeems the token as a report-embed token.',
    control: 'A token of one kind is never accepted as another. For that kind, it doesn’t exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => redeem(flow, await mint(flow), { kind: 'report-embed' }),
  },
  {
    id: 'revoked-exhibit',
    title: 'Call an exhibit that was closed',
    about: 'Every token for the exhibit is revoked before the call.',
    control: 'One call ends all tokens of a resource. So it does for a subject, and for the whole kind.',
    stoppedBy: 'token_revoked',
    run: async ({ flow }) => {
      // an exhibit of its own, so that it ends no other call
      const exhibit = `exhibit-${crypto.randomUUID().slice(0, 8)}`
      const token = await mint(flow, { exhibit })
      await askBackend(flow, 'voice-revoke', { by: 'resource', exhibit })
      return redeem(flow, token, { exhibit })
    },
  },
  {
    id: 'foreign-call',
    title: 'Redeem it from another account',
    about: 'Another Hallpass account redeems this token with its own valid key.',
    control: 'Every query is limited to the account of the key. For the other account, this token doesn’t exist.',
    stoppedBy: 'not_found',
    run: async ({ flow }) => redeem(flow, await mint(flow), { by: 'otherAccount' }),
  },
]
