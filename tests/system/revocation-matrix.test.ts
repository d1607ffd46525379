import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { declaredKinds, pageKinds } from './support/fixtures/declared-kinds.js'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { declaredVerifierOf, verifiersOf } from './support/fixtures/revocation-feed.js'
import {
  card,
  declared,
  declaredJwts,
  type Ids,
  type Kind,
  kinds,
  type Minted,
  means,
  nameOf,
  pageMinted,
} from './support/revocation-means.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'

/*
 * Tests every kind of token against every way to end it, in four places: introspection and the token's own endpoint,
 * which see it at once, an offline verifier, which sees it within 30 seconds, and a connection held with the token,
 * which ends with the feed that the verifier reads.
 */

const widgetOrigin = 'https://widgets.example'
let server: AssembledServer
beforeAll(async () => {
  server = await assembleServer({ widgetOrigins: [widgetOrigin] })
  for (const kind of [...declaredKinds, ...pageKinds])
    expect(
      (await server.call(`/v1/admin/kinds/${kind.name}`, { method: 'PUT', headers: bearer(hostKey), body: kind }))
        .status,
    ).toBe(200)
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
  const mint = async (kind: (typeof declared)[number]) =>
    String((await ask('/v1/tokens', { kind: nameOf[kind], subject: 'subject_7', resource: 'report_7' }, secret)).token)
  const mintInPage = async (kind: (typeof pageMinted)[number]) =>
    String((await fromShop('/v1/tokens/page', { client_key: acme.clientKey, kind: nameOf[kind] })).body.token)
  return {
    minted: {
      'declared JWT': await mint('declared JWT'),
      'counted JWT': await mint('counted JWT'),
      'declared opaque': await mint('declared opaque'),
      'counted opaque': await mint('counted opaque'),
      'page JWT': await mintInPage('page JWT'),
      'page opaque': await mintInPage('page opaque'),
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

const redeemed = (kind: string) => (token: string) =>
  server.call('/v1/tokens/redeem', { headers: bearer(hostKey), body: { token, kind } })

/** The endpoint where a kind is spent. Bridge and session tokens have none at this server. */
const ownEndpoint: { readonly [K in Kind]?: (token: string) => Promise<{ readonly status: number }> } = {
  'embed ticket': (embed_ticket) => fromPage(widgetOrigin, paths.guest, { client_key: acme.clientKey, embed_ticket }),
  visitor: (token) => fromShop(paths.exchange, { token }),
  'guest refresh': (refresh_token) => fromShop(paths.refresh, { refresh_token }),
  'user refresh': (refresh_token) => fromShop(paths.refresh, { refresh_token }),
  card: (widget_token) =>
    server.call(paths.redeem, { headers: bearer(hostKey), body: { widget_token, widget_type: 'REVEAL' } }),
  ...Object.fromEntries([...declared, ...pageMinted].map((kind) => [kind, redeemed(nameOf[kind])])),
}

const declarationOf = (kind: (typeof declaredJwts)[number]) => {
  const found = [...declaredKinds, ...pageKinds].find(({ name }) => name === nameOf[kind])
  if (!found) throw new Error(`${kind} is not declared`)
  return found
}

/** The kinds that a resource server verifies itself. The others are spent at the service. */
const offlineKinds = ['bridge', 'guest session', 'user session', ...declaredJwts] as const

describe('what ends what', () => {
  test.each(means)('$what', async ({ act, ends, because }) => {
    const { minted, ids } = await mintAll()
    const { session, bridge } = verifiersOf(server)
    const offline = {
      bridge,
      'guest session': session,
      'user session': session,
      'declared JWT': declaredVerifierOf(server, declarationOf('declared JWT')),
      'counted JWT': declaredVerifierOf(server, declarationOf('counted JWT')),
      'page JWT': declaredVerifierOf(server, declarationOf('page JWT')),
    } as const
    const held = await Promise.all(
      offlineKinds.map(async (kind) => {
        const holding = await offline[kind].hold(minted[kind])
        if (!holding.ok) throw new Error(`the ${kind} was not held: ${holding.reason}`)
        return { kind, ...holding }
      }),
    )
    server.clock.advance(1)
    await act({ server, ask, end, sendForm }, minted, ids)
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

const isDeclared = (kind: string) => declared.some((name) => name === kind)

test('docs/tokens.md shows what each way ends, and why it ends nothing else', () => {
  const names = (ends: readonly Kind[]) => {
    if (ends.length === kinds.length) return 'everything'
    // a cell stays short
    const isAll = declared.every((kind) => ends.includes(kind))
    const shown = isAll ? [...ends.filter((kind) => !isDeclared(kind)), 'every declared kind'] : ends
    return shown.join(', ') || 'nothing'
  }
  const rows = means.map(({ what, ends, because }) => `| ${what} | ${names(ends)} | ${because} |`)
  const page = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8')
  const section = page.split('### What each means ends\n')[1]?.split('\n## ')[0] ?? ''
  const shown = section.split('\n').filter((line) => line.startsWith('| '))
  const plain = shown.map((line) => line.replace(/ +\|/g, ' |').replace(/\| +/g, '| '))
  expect(plain.slice(2)).toEqual(rows)
})
