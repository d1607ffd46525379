import type { WidgetConfig, WidgetSession } from '@hallpass/contracts'
import { askBackend } from '../calls/ask-backend.js'
import { askForConfig, askHallpass } from '../calls/ask-hallpass.js'
import { concludeRun } from './conclude-run.js'
import type { Scene, Step } from './scene.js'

const config: Step = {
  id: 'config',
  title: 'Read the widget’s config',
  about: 'The widget asks how it should look. The client key is public; the allowlist decides which pages may use it.',
  run: async ({ settings }) =>
    concludeRun(await askForConfig<WidgetConfig>(settings), ({ agent, copy, auth_mode }) => ({
      facts: [
        { name: 'agent', value: agent.display_name },
        { name: 'greeting', value: copy.greeting },
        { name: 'auth_mode', value: auth_mode },
      ],
    })),
}

const guest: Step = {
  id: 'guest',
  title: 'Start a guest session',
  about:
    'No login, no secret: the browser says where it is, and Hallpass checks that page against the key’s list first.',
  run: async ({ settings }) =>
    concludeRun(await askHallpass<WidgetSession>(settings, 'guest', { client_key: settings.clientKey }), (session) => ({
      facts: [{ name: 'visitor_id', value: session.visitor_id }],
      tokens: tokensOf(session),
      remember: { session },
    })),
}

const refresh: Step = {
  id: 'refresh',
  title: 'Refresh the session',
  about: 'A session token lives 15 minutes. The refresh token buys the next one and is replaced by doing so.',
  waitsFor: ({ session }) => (session ? undefined : 'a guest session'),
  run: async ({ settings, memory: { session: before } }) => {
    const asked = await askHallpass<WidgetSession>(settings, 'refresh', { refresh_token: before?.refresh_token })
    return concludeRun(asked, (session) => ({
      facts: [
        { name: 'session_id', value: compare(before?.session_id, session.session_id) },
        { name: 'refresh_token', value: session.refresh_token === before?.refresh_token ? 'the same' : 'a new one' },
      ],
      tokens: tokensOf(session),
      remember: { session },
    }))
  },
}

const userToken: Step = {
  id: 'user-token',
  title: 'Log in: get a visitor token',
  about:
    'The shop’s backend knows who is logged in and says so with its secret key. The browser gets a one-time token.',
  run: async () =>
    concludeRun(await askBackend<{ token: string }>('user-token'), ({ token }) => ({
      tokens: [{ name: 'Visitor token', raw: token }],
      remember: { visitorToken: token },
    })),
}

const exchange: Step = {
  id: 'exchange',
  title: 'Exchange it for a user’s session',
  about: 'The visitor token is spent. The guest session sent along ends, and its visitor_id lives on in the new one.',
  waitsFor: ({ session, visitorToken }) => {
    if (session?.auth_mode !== 'guest') return 'a guest session'
    return visitorToken === undefined ? 'a visitor token' : undefined
  },
  run: async ({ settings, memory: { session: before, visitorToken } }) => {
    const body = { token: visitorToken, session_token: before?.token }
    return concludeRun(await askHallpass<WidgetSession>(settings, 'exchange', body), (session) => ({
      facts: [
        { name: 'visitor_id', value: compare(before?.visitor_id, session.visitor_id) },
        { name: 'user', value: session.user?.display_name ?? session.user?.id ?? 'none' },
      ],
      tokens: tokensOf(session),
      remember: { session, visitorToken: undefined },
    }))
  },
}

const tokensOf = ({ token, refresh_token }: WidgetSession) => [
  { name: 'Session token', raw: token },
  { name: 'Refresh token', raw: refresh_token },
]

const compare = (before: string | undefined, now: string) =>
  before === now ? `${now}, as before` : `${now}, before it was ${before}`

export const visitorScene: Scene = {
  id: 'visitor',
  title: 'Visitor',
  about:
    'A chat widget on the shop’s page: first for anybody, then for the user who logs in, without losing the thread.',
  steps: [config, guest, refresh, userToken, exchange],
}
