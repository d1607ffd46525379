import { Fixture, type WidgetSession } from '@hallpass/contracts'
import { acme, fixture, rival } from '../system/support/fixtures/fixture.js'
import { bodyOf, paths } from '../system/support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from '../system/support/servers/in-process-server.js'

export const audience = 'https://api.acme.example'
const rivalAudience = 'https://api.rival.example'
const keyOf = (account: string, typ: Typ) => `pk_test_${account === acme.account ? 'acme' : 'rival'}_${typ.slice(0, 2)}`
const audienceOf = (account: string) => (account === acme.account ? audience : rivalAudience)
const typs = ['at+jwt', 'JWT'] as const
export type Typ = (typeof typs)[number]

/** An audience belongs to one kind, so that a kind of each type needs its own. */
export const declaredAudience = (typ: Typ, account: string = acme.account) => `${audienceOf(account)}/${typ}`
const declaredKind = (account: string, typ: Typ) => ({
  ...{ name: `report-${typ.slice(0, 2).toLowerCase()}`, form: 'jwt', ttl_seconds: { default: 600, max: 600 } },
  ...{ actions: ['view'], resource: 'required', audience: declaredAudience(typ, account), typ },
})

/** The fixture, with a client key and a declared kind of each type for two accounts. */
const withAudiences = Fixture.parse({
  accounts: fixture.accounts.map((account) => {
    const [first] = account.client_keys
    if (!first || (account.id !== acme.account && account.id !== rival.account)) return account
    const keys = typs.map((typ) => ({
      ...first,
      client_key: keyOf(account.id, typ),
      origin_allowlist: [acme.origin],
      session_token: { audience: audienceOf(account.id), typ },
    }))
    const kinds = typs.map((typ) => declaredKind(account.id, typ))
    return { ...account, client_keys: [...account.client_keys, ...keys], kinds }
  }),
})

const hour = 3_600_000
export const algorithms = ['ES256', 'RS256', 'EdDSA'] as const
export type Algorithm = (typeof algorithms)[number]

/** A server for each algorithm, and tokens of every sort that a gateway meets. */
export interface Prepared {
  readonly server: (algorithm: Algorithm) => TestServer
  readonly tokens: (algorithm: Algorithm, typ: Typ) => Tokens
  /** Tokens of a declared kind. */
  readonly declared: (algorithm: Algorithm, typ: Typ) => Tokens
  /** A new token that must be accepted. */
  readonly mint: (algorithm: Algorithm, typ: Typ) => Promise<string>
  readonly stop: () => Promise<unknown>
}

export async function prepareAll(only: readonly Algorithm[] = algorithms): Promise<Prepared> {
  const prepared = new Map(await Promise.all(only.map(async (one) => [one, await prepare(one)] as const)))
  const of = (algorithm: Algorithm) => prepared.get(algorithm) ?? missing(algorithm)
  return {
    server: (algorithm) => of(algorithm).server,
    tokens: (algorithm, typ) => of(algorithm).tokens.get(typ) ?? missing(typ),
    declared: (algorithm, typ) => of(algorithm).declared.get(typ) ?? missing(typ),
    mint: (algorithm, typ) => mintGuest(of(algorithm).server, keyOf(acme.account, typ)),
    stop: () => Promise.all([...prepared.values()].map(({ server }) => server.stop())),
  }
}

function missing(what: string): never {
  throw new Error(`Nothing is prepared for ${what}.`)
}

async function prepare(algorithm: Algorithm) {
  const server = await startServer({ fixture: withAudiences, config: { signingAlg: algorithm } })
  const tokens = new Map<Typ, Tokens>()
  // one after another, because one of the tokens is made at another time
  const declared = new Map<Typ, Tokens>()
  for (const typ of typs) {
    tokens.set(typ, await mintAll(server, typ))
    declared.set(typ, await mintDeclared(server, typ))
  }
  return { server, tokens, declared }
}

const mintGuest = async (server: TestServer, client_key: string) =>
  (await bodyOf<WidgetSession>(await server.postFromShop(paths.guest, { client_key }))).token

/** A token that must be accepted, and the others by what is wrong with them. */
export interface Tokens {
  readonly good: string
  readonly refused: Readonly<Record<string, string>>
}

async function mintAll(server: TestServer, typ: Typ): Promise<Tokens> {
  const guest = (client_key: string) => mintGuest(server, client_key)
  const own = keyOf(acme.account, typ)
  const good = await guest(own)
  const foreign = await guest(keyOf(rival.account, typ))
  const standard = await guest(acme.clientKey)
  const user = await server.postAsAcme(paths.userToken, { client_key: own, user_id: 'user_1' })
  const visitor = (await bodyOf<{ token: string }>(user)).token
  const expired = await mintExpired(server, own)
  return { good, refused: { ...tampered(good), expired, foreign, standard, visitor } }
}

async function mintDeclared(server: TestServer, typ: Typ): Promise<Tokens> {
  const mint = async (kind: string, key: string = acme.key) => {
    const input = { kind, subject: 'user_42', resource: 'report_7' }
    return (await bodyOf<{ token: string }>(await server.post('/v1/tokens', input, bearer(key)))).token
  }
  const { name } = declaredKind(acme.account, typ)
  const good = await mint(name)
  const [other = typ] = typs.filter((one) => one !== typ)
  const otherKind = await mint(declaredKind(acme.account, other).name)
  const foreign = await mint(name, rival.key)
  server.clock.advance(-hour)
  const expired = await mint(name)
  server.clock.advance(hour)
  return { good, refused: { ...tampered(good), expired, foreign, 'another audience': otherKind } }
}

async function mintExpired(server: TestServer, client_key: string): Promise<string> {
  server.clock.advance(-hour)
  const token = await mintGuest(server, client_key)
  server.clock.advance(hour)
  return token
}

/** The same token with a change that invalidates its signature. */
function tampered(token: string): Record<string, string> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const change = (part: string, more: object) =>
    Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(part, 'base64url').toString()), ...more })).toString(
      'base64url',
    )
  const end = signature.startsWith('A') ? 'B' : 'A'
  return {
    'another subject': `${header}.${change(payload, { sub: 'someone-else' })}.${signature}`,
    'a later expiry': `${header}.${change(payload, { exp: 4_000_000_000 })}.${signature}`,
    'another signature': `${header}.${payload}.${end}${signature.slice(1)}`,
    'no signature': `${header}.${payload}.`,
    'alg none': `${change(header, { alg: 'none' })}.${payload}.`,
    'alg HS256': `${change(header, { alg: 'HS256' })}.${payload}.${signature}`,
    'an unknown key': `${change(header, { kid: 'unknown' })}.${payload}.${signature}`,
  }
}
