import type { WidgetSession } from '@hallpass/contracts'
import type { Attempt, AttemptDeps } from '../../attempts/attempt.js'
import { answerOf, lastCall, wait, withClaims } from '../../attempts/steps.js'
import { visitAttackerPage } from '../../attempts/visit-attacker-page.js'
import { askBackend } from '../../calls/ask-backend.js'
import { askHallpass } from '../../calls/ask-hallpass.js'

const userToken = async ({ flow }: AttemptDeps, body?: object) =>
  answerOf(await askBackend<{ token: string }>(flow, 'user-token', body)).token

async function guest(deps: AttemptDeps): Promise<WidgetSession> {
  return sessionOf(await askHallpass<WidgetSession>(deps, 'visitor.guest', { client_key: deps.settings.clientKey }))
}

async function refresh(deps: AttemptDeps, refresh_token: string): Promise<WidgetSession> {
  return sessionOf(await askHallpass<WidgetSession>(deps, 'visitor.refresh', { refresh_token }))
}

function sessionOf({ answer }: { readonly answer?: WidgetSession }): WidgetSession {
  if (answer) return answer
  throw new Error('Hallpass didn’t return a session.')
}

export const chatAttempts: readonly Attempt[] = [
  {
    id: 'attacker-origin',
    title: 'Chat from an attacker’s page',
    about: 'A page on another origin copies the public client key and requests a session.',
    control: 'The browser sends the page’s origin, which isn’t on the client key’s allowlist.',
    stoppedBy: 'origin_not_allowed',
    run: (deps) => visitAttackerPage(deps, 'guest'),
  },
  {
    id: 'spend-twice',
    title: 'Log in twice with one token',
    about: 'Exchanges a visitor token that has already been exchanged.',
    control: 'The exchange is one conditional write in the database. Of any number of attempts, exactly one succeeds.',
    stoppedBy: 'invalid_token',
    run: async (deps) => {
      const token = await userToken(deps)
      await askHallpass(deps, 'visitor.exchange', { token })
      return (await askHallpass(deps, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'rotated',
    title: 'Use a stolen refresh token',
    about: 'Refreshes a session twice. Then someone presents the first refresh token.',
    control:
      'Each refresh token works once. Reuse of an old one means it was copied, so the session ends for everyone.',
    stoppedBy: 'invalid_token',
    run: async (deps) => {
      const first = await guest(deps)
      const second = await refresh(deps, first.refresh_token)
      const third = await refresh(deps, second.refresh_token)
      await askHallpass(deps, 'visitor.refresh', { refresh_token: first.refresh_token })
      return (await askHallpass(deps, 'visitor.refresh', { refresh_token: third.refresh_token })).call
    },
  },
  {
    id: 'expired',
    title: 'Log in too late',
    about: 'A sandbox fault makes the visitor token expire after one second. It is exchanged after two.',
    control: 'Every token expires. Hallpass rejects it from then on.',
    stoppedBy: 'invalid_token',
    run: async (deps) => {
      const token = await userToken(deps, { fault: 'expire_in=1' })
      await wait(2)
      return (await askHallpass(deps, 'visitor.exchange', { token })).call
    },
  },
  {
    id: 'wrong-kind',
    title: 'Log in with a session token',
    about: 'Presents a session token where a visitor token is expected.',
    control: 'Each kind of token has its own typ and audience, and each endpoint accepts one kind only.',
    stoppedBy: 'invalid_token',
    run: async (deps) => (await askHallpass(deps, 'visitor.exchange', { token: (await guest(deps)).token })).call,
  },
  {
    id: 'tampered',
    title: 'Impersonate a user',
    about: 'A guest puts a user’s id into the session token.',
    control: 'The signature covers every byte, so the changed token is invalid.',
    stoppedBy: 'inactive',
    run: async (deps) => {
      const { token } = await guest(deps)
      const forged = withClaims(token, { auth_mode: 'user', user: { id: deps.settings.user.id } })
      return lastCall(await askBackend(deps.flow, 'introspect', { token: forged }))
    },
  },
  {
    id: 'foreign',
    title: 'Inspect it from another account',
    about: 'Another Hallpass account introspects this session with its own valid key.',
    control: 'For another account, the response is the same as for a token that doesn’t exist.',
    stoppedBy: 'inactive',
    run: async (deps) =>
      lastCall(await askBackend(deps.flow, 'introspect', { token: (await guest(deps)).token, by: 'otherAccount' })),
  },
]
