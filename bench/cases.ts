import { randomUUID } from 'node:crypto'
import type { Request } from 'autocannon'
import { acme } from './fixture.js'
import type { Flow } from './measure.js'
import type { SubjectName } from './subjects.js'

/** Work that is measured. */
export interface Case {
  readonly name: string
  /** Which floor it is compared with: a signature per POST, or a document per GET. */
  readonly floor: 'post' | 'get'
  /** By server: what a client does. `prepare` makes what each call uses up, before anything is measured. */
  readonly on: Readonly<Partial<Record<SubjectName, Work>>>
  readonly status?: number
  /** A request of this case has so many calls. */
  readonly calls?: number
}

export type Work = Flow | { readonly prepare: (url: string, count: number) => Promise<string[]>; readonly use: Use }
type Use = (token: string) => Request

const json = { 'Content-Type': 'application/json' }
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const backend = { Authorization: `Bearer ${acme.key}` }
const page = { Origin: acme.origin }
const basic = { Authorization: `Basic ${Buffer.from('bench:secret').toString('base64')}` }

const post = (path: string, body: unknown, headers: Record<string, string>): Request => ({
  method: 'POST',
  path,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
})
const postForm = (path: string, fields: Record<string, string>, headers: Record<string, string>): Request => ({
  method: 'POST',
  path,
  headers: { ...form, ...headers },
  body: new URLSearchParams(fields).toString(),
})

const visitor = '/api/v1/widget/auth'
const bridge = post('/v1/bridge/initialize', { customer_id: acme.customer }, backend)
export const mintDeclared = (input: object, headers: Record<string, string>) => post('/v1/tokens', input, headers)
const declared = mintDeclared(
  { kind: acme.kind, subject: 'user_42', resource: 'report_7', claims: { rows: ['eu'] } },
  backend,
)
export const guestSession = post(`${visitor}/guest`, { client_key: acme.clientKey }, page)
const userToken = post(`${visitor}/user-token`, { client_key: acme.clientKey, user_id: 'user_42' }, backend)
const mintCard: Request = {
  method: 'GET',
  path: `/v1/cards/${acme.card}/widget_token?widget_type=REVEAL`,
  headers: backend,
}
const introspect = (token: string) => postForm('/oauth2/introspect', { token }, backend)
const trpc = (count: number) => {
  const inputs = Array.from({ length: count }, (_, i) => [i, { customer_id: acme.customer }])
  const path = Array.from({ length: count }, () => 'bridge.initialize').join()
  return post(`/trpc/${path}?batch=1`, Object.fromEntries(inputs), backend)
}

/** Sends a request so many times, and takes one field of each response. */
const collect = (request: Request, field: string) => async (url: string, count: number) => {
  const { method, path, headers, body } = request
  const one = async () => {
    const response = await fetch(url + path, {
      method,
      headers: headers as Record<string, string>,
      body,
    } as RequestInit)
    return ((await response.json()) as Record<string, string>)[field] ?? ''
  }
  const found: string[] = []
  while (found.length < count) found.push(...(await Promise.all(Array.from({ length: 50 }, one))))
  return found.slice(0, count)
}

const always =
  (request: Request): Flow =>
  () => [request]
/** The same token in every call. */
const repeated = (prepare: (url: string, count: number) => Promise<string[]>, use: Use): Work => {
  let token: string | undefined
  return {
    prepare: async (url, count) => {
      token ??= (await prepare(url, 1))[0] ?? ''
      return Array.from({ length: count }, () => token ?? '')
    },
    use,
  }
}
const fresh = (request: Request, change: () => Partial<Request>): Request => ({
  ...request,
  setupRequest: (made) => ({ ...made, ...change() }),
})

/** Mints a card token, then redeems it. */
export const mintAndRedeem: Flow = () => {
  let token = ''
  const mint: Request = {
    ...mintCard,
    onResponse: (_, body) => {
      token = JSON.parse(body).widget_token
    },
  }
  const redeem = post('/v1/widget_tokens/redeem', {}, backend)
  return [mint, fresh(redeem, () => ({ body: JSON.stringify({ widget_token: token, widget_type: 'REVEAL' }) }))]
}

const withKey: Flow = () => [fresh(bridge, () => ({ headers: { ...bridge.headers, 'Idempotency-Key': randomUUID() } }))]

const clientCredentials = (resource: string) =>
  postForm('/token', { grant_type: 'client_credentials', scope: 'bench', resource }, basic)
const peerIntrospect = (token: string) => postForm('/token/introspection', { token }, basic)
const opaque = clientCredentials('https://opaque.example')

/** Work of Hallpass, on each database by its own. */
const hallpass = (make: () => Work) => ({ 'hallpass-sqlite': make(), 'hallpass-postgres': make() })

export const bridgeInitialize = always(bridge)
export const refreshed = { prepare: collect(guestSession, 'refresh_token'), use: refresh }

/** Two cases whose costs `bench:check` compares. */
export const bridgeMint = 'bridge initialize'
export const declaredMint = 'mint a declared JWT'

export const cases: readonly Case[] = [
  {
    name: bridgeMint,
    floor: 'post',
    on: {
      'floor-post': always(bridge),
      ...hallpass(() => always(bridge)),
      'oidc-provider': always(clientCredentials('https://jwt.example')),
    },
  },
  { name: 'bridge initialize, tRPC', floor: 'post', on: hallpass(() => always(trpcOne())) },
  {
    name: 'bridge initialize, tRPC batch of 10, per call',
    floor: 'post',
    calls: 10,
    on: hallpass(() => always(trpc(10))),
  },
  { name: 'bridge initialize, Idempotency-Key', floor: 'post', on: hallpass(() => withKey) },
  { name: declaredMint, floor: 'post', on: hallpass(() => always(declared)) },
  {
    name: 'guest session',
    floor: 'post',
    on: {
      ...hallpass(() => always(guestSession)),
      'better-auth': always(post('/api/auth/sign-in/anonymous', {}, { ...page })),
    },
  },
  { name: 'user token', floor: 'post', on: hallpass(() => always(userToken)) },
  {
    name: 'exchange',
    floor: 'post',
    on: hallpass(() => ({
      prepare: collect(userToken, 'token'),
      use: (token) => post(`${visitor}/exchange`, { token }, page),
    })),
  },
  {
    name: 'refresh',
    floor: 'post',
    on: hallpass(() => ({ prepare: collect(guestSession, 'refresh_token'), use: refresh })),
  },
  {
    name: 'card token, mint and redeem, per call',
    floor: 'post',
    on: {
      ...hallpass(() => mintAndRedeem),
      'oauth2-server': always(postForm('/token', { grant_type: 'client_credentials' }, basic)),
      prism: always(mintCard),
    },
  },
  {
    name: 'introspect a card token',
    floor: 'post',
    on: {
      ...hallpass(() => repeated(collect(mintCard, 'widget_token'), introspect)),
      'oidc-provider': repeated(collect(opaque, 'access_token'), peerIntrospect),
    },
  },
  {
    name: 'introspect a session, first time',
    floor: 'post',
    on: hallpass(() => ({ prepare: collect(guestSession, 'token'), use: introspect })),
  },
  {
    name: 'introspect a session, again',
    floor: 'post',
    on: hallpass(() => repeated(collect(guestSession, 'token'), introspect)),
  },
  {
    name: 'revoke',
    floor: 'post',
    on: {
      ...hallpass(() => ({
        prepare: collect(guestSession, 'token'),
        use: (token: string) => postForm('/oauth2/revoke', { token }, backend),
      })),
      'oidc-provider': always(postForm('/token/revocation', { token: 'unknown' }, basic)),
    },
  },
  {
    name: 'widget config',
    floor: 'get',
    on: {
      'floor-get': always({ method: 'GET', path: '/' }),
      ...hallpass(() =>
        always({ method: 'GET', path: `/api/v1/widget/config?client_key=${acme.clientKey}`, headers: page }),
      ),
    },
  },
  {
    name: 'JWKS',
    floor: 'get',
    on: {
      ...hallpass(() => always({ method: 'GET', path: '/.well-known/jwks.json' })),
      'oidc-provider': always({ method: 'GET', path: '/jwks' }),
    },
  },
  {
    name: 'refused, 401',
    floor: 'post',
    status: 401,
    on: hallpass(() =>
      always(post('/v1/bridge/initialize', { customer_id: acme.customer }, { Authorization: 'Bearer sk_test_wrong' })),
    ),
  },
]

function trpcOne(): Request {
  return post('/trpc/bridge.initialize', { customer_id: acme.customer }, backend)
}

function refresh(refresh_token: string): Request {
  return post(`${visitor}/refresh`, { refresh_token }, page)
}
