import type { WidgetSession } from '@hallpass/contracts'
import type { Attempt, AttemptNeeds } from '../../attempts/attempt.js'
import { answerOf, lastCall, wait, withClaims } from '../../attempts/steps.js'
import { visitEvilPage } from '../../attempts/visit-evil-page.js'
import { askBackend } from '../../calls/ask-backend.js'
import { askHallpass } from '../../calls/ask-hallpass.js'

const userToken = async ({ flow }: AttemptNeeds, body?: object) =>
  answerOf(await askBackend<{ token: string }>(flow, 'user-token', body)).token

async function guest(needs: AttemptNeeds): Promise<WidgetSession> {
  return sessionOf(await askHallpass<WidgetSession>(needs, 'visitor.guest', { client_key: needs.settings.clientKey }))
}

async function refresh(needs: AttemptNeeds, refresh_token: string): Promise<WidgetSession> {
  return sessionOf(await askHallpass<WidgetSession>(needs, 'visitor.refresh', { refresh_token }))
}

function sessionOf({ answer }: { readonly answer?: WidgetSession }): WidgetSession {
  if (answer) return answer
  throw new Error('there was no session to begin with')
}

export const chatAttempts: readonly Attempt[] = [
  {
    id: 'evil-origin',
    title: 'Chat from an evil page',
    about: 'A page on another origin copies the client key, which is public, and asks for a session.',
    control: 'The browser itself says which page asks, and this one is not on the allowlist of the client key.',
    stoppedBy: 'origin_not_allowed',
    run: (needs) => visitEvilPage(needs, 'guest'),
  },
  {
    id: 'spend-twice',
    title: 'Log in twice with one token',
    about: 'A visitor token that was exchanged is exchanged again.',
    control: 'Spending is one conditional write in the database. Of any number of tries exactly one succeeds.',
    stoppedBy: 'invalid_token',
    run: async (needs) => {
      const token = await userToken(needs)
      await askHallpass(needs, 'visitor.exchange', { token })
      return (await askHallpass(needs, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'rotated',
    title: 'Use a stolen refresh token',
    about: 'A session is renewed twice. Then somebody presents the first refresh token.',
    control: 'Each refresh token works once. An old one means that two have it, so the whole session ends, for both.',
    stoppedBy: 'invalid_token',
    run: async (needs) => {
      const first = await guest(needs)
      const second = await refresh(needs, first.refresh_token)
      const third = await refresh(needs, second.refresh_token)
      await askHallpass(needs, 'visitor.refresh', { refresh_token: first.refresh_token })
      return (await askHallpass(needs, 'visitor.refresh', { refresh_token: third.refresh_token })).call
    },
  },
  {
    id: 'expired',
    title: 'Log in too late',
    about: 'A sandbox fault gives the visitor token one second to live; it is exchanged after two.',
    control: 'Every token says when it ends, and nobody accepts it after that.',
    stoppedBy: 'invalid_token',
    run: async (needs) => {
      const token = await userToken(needs, { fault: 'expire_in=1' })
      await wait(2)
      return (await askHallpass(needs, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'wrong-kind',
    title: 'Log in with a session',
    about: 'A session token is handed in where a visitor token belongs.',
    control: 'Every kind has its own typ and audience, and each door takes one kind only.',
    stoppedBy: 'invalid_token',
    run: async (needs) => (await askHallpass(needs, 'visitor.exchange', { token: (await guest(needs)).token })).call,
  },
  {
    id: 'tampered',
    title: 'Become somebody else',
    about: 'A guest writes a user’s name into the session token.',
    control: 'The signature covers every byte, so the token is nobody’s any more.',
    stoppedBy: 'inactive',
    run: async (needs) => {
      const { token } = await guest(needs)
      const forged = withClaims(token, { auth_mode: 'user', user: { id: needs.settings.user.id } })
      return lastCall(await askBackend(needs.flow, 'introspect', { token: forged }))
    },
  },
  {
    id: 'foreign',
    title: 'Look into another account',
    about: 'Another customer of Hallpass asks, with a genuine key, about this session.',
    control: 'What belongs to another account is answered exactly like what does not exist.',
    stoppedBy: 'inactive',
    run: async (needs) =>
      lastCall(await askBackend(needs.flow, 'introspect', { token: (await guest(needs)).token, by: 'stranger' })),
  },
]
