import { decodeProtectedHeader } from 'jose'
import { acme } from './fixtures/fixture.js'
import { paths } from './fixtures/mint.js'
import type { AssembledServer } from './servers/assembled-server.js'

/** Kinds that the account declared: each form, with any number of uses and with one. */
export const nameOf = {
  'declared JWT': 'jwt-any',
  'counted JWT': 'jwt-once',
  'declared opaque': 'opaque-any',
  'counted opaque': 'opaque-once',
  'page JWT': 'page-jwt',
  'page opaque': 'page-opaque',
} as const
export const declared = ['declared JWT', 'counted JWT', 'declared opaque', 'counted opaque'] as const
/** Minted by a page, so each has a visitor as its subject. */
export const pageMinted = ['page JWT', 'page opaque'] as const
const allDeclared = [...declared, ...pageMinted] as const

const builtIn = [
  'bridge',
  'visitor',
  'guest session',
  'user session',
  'guest refresh',
  'user refresh',
  'card',
  'embed ticket',
] as const
export const kinds = [...builtIn, ...allDeclared]
export type Kind = (typeof kinds)[number]
export type Minted = Readonly<Record<Kind, string>> & { readonly key: Record<'id' | 'secret', string> }
export type Ids = Record<'userSession' | 'userVisitor' | 'clientKey', string>

/** How a test calls the server. */
interface Calls {
  readonly server: AssembledServer
  readonly ask: (path: string, body: object) => Promise<unknown>
  readonly end: (target: object) => Promise<unknown>
  readonly sendForm: (path: string, token: string) => Promise<unknown>
}

const sessions = ['guest session', 'user session', 'guest refresh', 'user refresh'] as const
const ofClientKey = ['visitor', ...sessions, 'embed ticket', ...pageMinted] as const
export const declaredJwts = ['declared JWT', 'counted JWT', 'page JWT'] as const
const jwts = ['bridge', 'visitor', 'guest session', 'user session', 'embed ticket', ...declaredJwts] as const

/** A way to end something. */
interface Means {
  readonly what: string
  readonly act: (calls: Calls, minted: Minted, ids: Ids) => Promise<unknown>
  readonly ends: readonly Kind[]
  /** Why it ends nothing else. */
  readonly because: string
}

export const card = { id: acme.activeCard, customer_id: acme.customer } as const

/** Every way to end something, with what it ends. */
export const means: readonly Means[] = [
  ...kinds.map((kind): Means => {
    const isSession = kind.endsWith('session') || kind.endsWith('refresh')
    const who = kind.split(' ')[0]
    return {
      what: `the ${kind} token itself`,
      act: ({ sendForm }, minted) => sendForm(paths.revoke, minted[kind]),
      ends: isSession ? sessions.filter((name) => name.startsWith(`${who} `)) : [kind],
      because: 'a token names itself, and a session or refresh token its session',
    }
  }),
  {
    what: 'session',
    act: ({ end }, _, { userSession }) => end({ session_id: userSession }),
    ends: ['user session', 'user refresh'],
    because: 'a session is named by its own id only',
  },
  {
    what: 'visitor',
    act: ({ end }, _, { userVisitor }) => end({ visitor_id: userVisitor }),
    ends: ['visitor', 'user session', 'user refresh'],
    because: 'the others are of another visitor or of none',
  },
  {
    what: 'user',
    act: ({ end }) => end({ user_id: 'user_42' }),
    ends: ['visitor', 'user session', 'user refresh'],
    because: 'the others name no user',
  },
  {
    what: 'client key',
    act: ({ end }, _, { clientKey }) => end({ client_key_id: clientKey }),
    ends: ofClientKey,
    because: 'the others belong to no client key',
  },
  {
    what: 'disabled client key',
    act: ({ ask }, _, { clientKey }) => ask(`/v1/admin/client_keys/${clientKey}`, { disabled: true }),
    ends: ofClientKey,
    because: 'the others belong to no client key',
  },
  {
    what: 'customer',
    act: ({ end }) => end({ customer_id: acme.customer }),
    ends: ['bridge', 'card'],
    because: 'visitors and users are not customers',
  },
  {
    what: 'card',
    act: ({ end }) => end({ card_id: acme.activeCard }),
    ends: ['card'],
    because: 'the others are of no card',
  },
  {
    what: 'status of a customer',
    act: ({ ask }) => ask('/v1/admin/customers', { id: acme.customer, status: 'inactive' }),
    ends: ['bridge', 'card'],
    because: 'visitors and users are not customers',
  },
  {
    what: 'status of a card',
    act: ({ ask }) => ask('/v1/admin/cards', { ...card, status: 'SUSPENDED' }),
    ends: ['card'],
    because: 'the others are of no card',
  },
  ...allDeclared.map(
    (kind): Means => ({
      what: `kind of the ${kind}`,
      act: ({ end }) => end({ kind: nameOf[kind] }),
      ends: [kind],
      because: 'the others are of other kinds',
    }),
  ),
  {
    what: 'subject',
    act: ({ end }) => end({ subject: 'subject_7' }),
    ends: declared,
    because: 'only tokens of declared kinds have such a subject; in a page, it is the visitor',
  },
  {
    what: 'resource',
    act: ({ end }) => end({ resource: 'report_7' }),
    ends: declared,
    because: 'only tokens of declared kinds have a resource',
  },
  {
    what: 'secret key',
    act: ({ end }, { key }) => end({ api_key_id: key.id }),
    ends: ['bridge', 'visitor', 'user session', 'user refresh', 'card', ...declared],
    because: 'pages start guest sessions and mint their tokens without a secret key',
  },
  {
    what: 'disabled secret key',
    act: ({ ask }, { key }) => ask(`/v1/admin/api_keys/${key.id}/disable`, {}),
    ends: [],
    because: 'a disabled key mints no more; api_key_id ends what it minted',
  },
  { what: 'account', act: ({ end }) => end({ account: true }), ends: kinds, because: 'nothing is left' },
  {
    what: 'account and children',
    act: ({ end }) => end({ account: true, children: true }),
    ends: kinds,
    because: 'nothing is left',
  },
  {
    what: 'restore',
    act: ({ server }) => server.store.markRestored(server.clock.now()),
    ends: kinds,
    because: 'nothing is left',
  },
  {
    what: 'signing key',
    act: async ({ ask }, { bridge }) => ask(`/v1/admin/signing_keys/${decodeProtectedHeader(bridge).kid}/revoke`, {}),
    ends: jwts,
    because: 'refresh, card and opaque tokens are not signed',
  },
  {
    // the last one, because a kind stays disabled
    what: 'disabled kinds',
    act: ({ ask }) => Promise.all(allDeclared.map((kind) => ask(`/v1/admin/kinds/${nameOf[kind]}/disable`, {}))),
    ends: allDeclared,
    because: 'the others are built in',
  },
]
