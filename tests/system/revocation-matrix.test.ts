import { readFileSync } from 'node:fs'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'

/*
 * Tests every kind of token against every way to end it, in four places: introspection and the token's own endpoint,
 * which see it at once, an offline verifier, which sees it within 30 seconds, and a connection held with the token,
 * which ends with the feed that the verifier reads.
 */

const kinds = [
  'bridge',
  'visitor',
  'guest session',
  'user session',
  'guest refresh',
  'user refresh',
  'card',
  'embed ticket',
] as const
type Kind = (typeof kinds)[number]
type Minted = Readonly<Record<Kind, string>> & { readonly key: Record<'id' | 'secret', string> }
type Ids = Record<'userSession' | 'userVisitor' | 'clientKey', string>

const widgetOrigin = 'https://widgets.example'
const sessions = ['guest session', 'user session', 'guest refresh', 'user refresh'] as const
const ofClientKey = ['visitor', ...sessions, 'embed ticket'] as const
const jwts = ['bridge', 'visitor', 'guest session', 'user session', 'embed ticket'] as const

interface Means {
  readonly what: string
  readonly act: (minted: Minted, ids: Ids) => Promise<unknown>
  readonly ends: readonly Kind[]
  /** Why it ends nothing else. */
  readonly because: string
}

let server: AssembledServer
beforeAll(async () => {
  server = await assembleServer({ widgetOrigins: [widgetOrigin] })
})
afterAll(() => server.stop())

async function ask(path: string, body: object, key: string = hostKey): Promise<Record<string, unknown>> {
  const response = await server.call(path, { headers: bearer(key), body })
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${response.text}`)
  return response.body
}
const fromPage = (origin: string, path: string, body: object) => server.call(path, { headers: { origin }, body })
const fromShop = (path: string, body: object) => fromPage(acme.origin, path, body)
const end = (target: object) => ask('/v1/admin/sessions/revoke', target)
const sendForm = (path: string, token: string) =>
  server.call(path, {
    headers: { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  })

const card = { id: acme.activeCard, customer_id: acme.customer } as const

const means: readonly Means[] = [
  ...kinds.map((kind): Means => {
    const isSession = kind.endsWith('session') || kind.endsWith('refresh')
    const who = kind.split(' ')[0]
    return {
      what: `the ${kind} token itself`,
      act: (minted) => sendForm(paths.revoke, minted[kind]),
      ends: isSession ? sessions.filter((name) => name.startsWith(`${who} `)) : [kind],
      because: 'a token names itself, and a session or refresh token its session',
    }
  }),
  {
    what: 'session',
    act: (_, { userSession }) => end({ session_id: userSession }),
    ends: ['user session', 'user refresh'],
    because: 'a session is named by its own id only',
  },
  {
    what: 'visitor',
    act: (_, { userVisitor }) => end({ visitor_id: userVisitor }),
    ends: ['visitor', 'user session', 'user refresh'],
    because: 'the others are of another visitor or of none',
  },
  {
    what: 'user',
    act: () => end({ user_id: 'user_42' }),
    ends: ['visitor', 'user session', 'user refresh'],
    because: 'the others name no user',
  },
  {
    what: 'client key',
    act: (_, { clientKey }) => end({ client_key_id: clientKey }),
    ends: ofClientKey,
    because: 'bridge and card tokens belong to no client key',
  },
  {
    what: 'disabled client key',
    act: (_, { clientKey }) => ask(`/v1/admin/client_keys/${clientKey}`, { disabled: true }),
    ends: ofClientKey,
    because: 'bridge and card tokens belong to no client key',
  },
  {
    what: 'customer',
    act: () => end({ customer_id: acme.customer }),
    ends: ['bridge', 'card'],
    because: 'visitors and users are not customers',
  },
  { what: 'card', act: () => end({ card_id: acme.activeCard }), ends: ['card'], because: 'the others are of no card' },
  {
    what: 'status of a customer',
    act: () => ask('/v1/admin/customers', { id: acme.customer, status: 'inactive' }),
    ends: ['bridge', 'card'],
    because: 'visitors and users are not customers',
  },
  {
    what: 'status of a card',
    act: () => ask('/v1/admin/cards', { ...card, status: 'SUSPENDED' }),
    ends: ['card'],
    because: 'the others are of no card',
  },
  {
    what: 'secret key',
    act: ({ key }) => end({ api_key_id: key.id }),
    ends: ['bridge', 'visitor', 'user session', 'user refresh', 'card'],
    because: 'guest sessions and embed tickets are made without a secret key',
  },
  {
    what: 'disabled secret key',
    act: ({ key }) => ask(`/v1/admin/api_keys/${key.id}/disable`, {}),
    ends: [],
    because: 'a disabled key mints no more; api_key_id ends what it minted',
  },
  { what: 'account', act: () => end({ account: true }), ends: kinds, because: 'nothing is left' },
  {
    what: 'account and children',
    act: () => end({ account: true, children: true }),
    ends: kinds,
    because: 'nothing is left',
  },
  {
    what: 'restore',
    act: () => server.store.markRestored(server.clock.now()),
    ends: kinds,
    because: 'nothing is left',
  },
  {
    what: 'signing key',
    act: async ({ bridge }) => ask(`/v1/admin/signing_keys/${decodeProtectedHeader(bridge).kid}/revoke`, {}),
    ends: jwts,
    because: 'refresh and card tokens are not signed',
  },
]

async function mintAll(): Promise<{ minted: Minted; ids: Ids }> {
  const { id, secret } = (await ask('/v1/admin/api_keys', { scopes: ['*'] })) as { id: string; secret: string }
  const visitorToken = async () =>
    String((await ask(paths.userToken, { client_key: acme.clientKey, user_id: 'user_42' }, secret)).token)
  const guest = (await fromShop(paths.guest, { client_key: acme.clientKey })).body
  const user = (await fromShop(paths.exchange, { token: await visitorToken() })).body
  const { data } = await ask(paths.bridge, { customer_id: acme.customer }, secret)
  const cardToken = await server.call(cardPath(acme.activeCard, 'REVEAL'), { method: 'GET', headers: bearer(secret) })
  const ticket = (await fromShop(paths.embedTicket, { client_key: acme.clientKey })).body
  const keys = await server.call('/v1/admin/client_keys', { method: 'GET', headers: bearer(hostKey) })
  const named = (keys.body.data as { id: string; client_key: string }[]).find(
    (key) => key.client_key === acme.clientKey,
  )
  return {
    minted: {
      bridge: (data as { bridge_token: string }).bridge_token,
      visitor: await visitorToken(),
      'guest session': String(guest.token),
      'user session': String(user.token),
      'guest refresh': String(guest.refresh_token),
      'user refresh': String(user.refresh_token),
      card: String(cardToken.body.widget_token),
      'embed ticket': String(ticket.ticket),
      key: { id, secret },
    },
    ids: { userSession: String(user.session_id), userVisitor: String(user.visitor_id), clientKey: named?.id ?? '' },
  }
}

/** The endpoint where a kind is spent. Bridge and session tokens have none at this server. */
const ownEndpoint: { readonly [K in Kind]?: (token: string) => Promise<{ readonly status: number }> } = {
  'embed ticket': (embed_ticket) => fromPage(widgetOrigin, paths.guest, { client_key: acme.clientKey, embed_ticket }),
  visitor: (token) => fromShop(paths.exchange, { token }),
  'guest refresh': (refresh_token) => fromShop(paths.refresh, { refresh_token }),
  'user refresh': (refresh_token) => fromShop(paths.refresh, { refresh_token }),
  card: (widget_token) =>
    server.call(paths.redeem, { headers: bearer(hostKey), body: { widget_token, widget_type: 'REVEAL' } }),
}

/** The kinds that a resource server verifies itself. The others are spent at the service. */
const offlineKinds = ['bridge', 'guest session', 'user session'] as const

describe('what ends what', () => {
  test.each(means)('$what', async ({ act, ends, because }) => {
    const { minted, ids } = await mintAll()
    const { session, bridge } = verifiersOf(server)
    const offline = { bridge, 'guest session': session, 'user session': session } as const
    const held = await Promise.all(
      offlineKinds.map(async (kind) => {
        const holding = await offline[kind].hold(minted[kind])
        if (!holding.ok) throw new Error(`the ${kind} was not held: ${holding.reason}`)
        return { kind, ...holding }
      }),
    )
    server.clock.advance(1)
    await act(minted, ids)
    const seen: string[] = []
    const expected: string[] = []
    const note = (place: string, kind: Kind, isEnded: boolean) => {
      if (isEnded) seen.push(`${kind} by ${place}`)
      if (ends.includes(kind)) expected.push(`${kind} by ${place}`)
    }
    const isActive = async (kind: Kind) => (await sendForm(paths.introspect, minted[kind])).body.active === true
    for (const kind of kinds) note('introspection', kind, !(await isActive(kind)))
    for (const kind of kinds) {
      const status = (await ownEndpoint[kind]?.(minted[kind]))?.status
      if (status !== undefined) note('its endpoint', kind, status !== 200)
    }
    server.clock.advance(30_000)
    for (const kind of offlineKinds) note('an offline verifier', kind, !(await offline[kind].verify(minted[kind])).ok)
    for (const { kind, signal, release } of held) {
      note('its held connection', kind, signal.aborted)
      release()
    }
    expect(seen, `nothing else, because ${because}`).toEqual(expected)
    await ask(`/v1/admin/client_keys/${ids.clientKey}`, { disabled: false })
    await ask('/v1/admin/customers', { id: acme.customer, status: 'verified' })
    await ask('/v1/admin/cards', { ...card, status: 'ACTIVE' })
    // the server can use a feed for a second
    server.clock.advance(2_000)
  })
})

test('docs/tokens.md shows what each way ends, and why it ends nothing else', () => {
  const names = (ends: readonly Kind[]) => (ends.length === kinds.length ? 'everything' : ends.join(', ') || 'nothing')
  const rows = means.map(({ what, ends, because }) => `| ${what} | ${names(ends)} | ${because} |`)
  const page = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8')
  const section = page.split('### What each means ends\n')[1]?.split('\n## ')[0] ?? ''
  const shown = section.split('\n').filter((line) => line.startsWith('| '))
  const plain = shown.map((line) => line.replace(/ +\|/g, ' |').replace(/\| +/g, '| '))
  expect(plain.slice(2)).toEqual(rows)
})
