import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Fixture, type WidgetSession } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, fixture, rival } from '../system/support/fixtures/fixture.js'
import { bodyOf, paths } from '../system/support/fixtures/mint.js'
import { startServer, type TestServer } from '../system/support/servers/in-process-server.js'

/* Session tokens with an audience of their own, verified by libraries as their documentation says. */

interface Settings {
  readonly issuer: string
  readonly audience: string
  readonly jwksUri: string
  readonly algorithm: string
  /** For introspection. */
  readonly secretKey: string
}
interface Verifier {
  /** Resolves to the claims of a token, and rejects if the library refuses it. */
  readonly createVerify: (settings: Settings) => Verify | Promise<Verify>
}
type Verify = (token: string) => unknown

const audience = 'https://api.acme.example'
const rivalAudience = 'https://api.rival.example'
const keyOf = (account: string, typ: Typ) => `pk_test_${account === acme.account ? 'acme' : 'rival'}_${typ.slice(0, 2)}`
const audienceOf = (account: string) => (account === acme.account ? audience : rivalAudience)
const typs = ['at+jwt', 'JWT'] as const
type Typ = (typeof typs)[number]

/** The fixture, with a client key of each type for two accounts. */
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
    return { ...account, client_keys: [...account.client_keys, ...keys] }
  }),
})

const hour = 3_600_000
const algorithms = ['ES256', 'RS256', 'EdDSA'] as const
type Algorithm = (typeof algorithms)[number]
/** A server whose tokens are signed with one algorithm, and tokens of every sort that a gateway meets. */
async function prepare(algorithm: Algorithm) {
  const server = await startServer({ fixture: withAudiences, config: { signingAlg: algorithm } })
  const tokens = new Map<Typ, Awaited<ReturnType<typeof mintAll>>>()
  // one after another, because one of the tokens is made at another time
  for (const typ of typs) tokens.set(typ, await mintAll(server, typ))
  return { server, tokens }
}

async function mintAll(server: TestServer, typ: Typ) {
  const guest = async (client_key: string) =>
    (await bodyOf<WidgetSession>(await server.postFromShop(paths.guest, { client_key }))).token
  const own = keyOf(acme.account, typ)
  const good = await guest(own)
  const foreign = await guest(keyOf(rival.account, typ))
  const standard = await guest(acme.clientKey)
  const user = await server.postAsAcme(paths.userToken, { client_key: own, user_id: 'user_1' })
  const visitor = (await bodyOf<{ token: string }>(user)).token
  const expired = await mintExpired(server, own)
  return { good, refused: { ...tampered(good), expired, foreign, standard, visitor } }
}

async function mintExpired(server: TestServer, client_key: string): Promise<string> {
  server.clock.advance(-hour)
  const response = await server.postFromShop(paths.guest, { client_key })
  server.clock.advance(hour)
  return (await bodyOf<WidgetSession>(response)).token
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

let prepared: ReadonlyMap<string, Awaited<ReturnType<typeof prepare>>>
beforeAll(async () => {
  prepared = new Map(await Promise.all(algorithms.map(async (one) => [one, await prepare(one)] as const)))
})
afterAll(() => Promise.all([...prepared.values()].map(({ server }) => server.stop())))

/** The type and the algorithms that each library accepts, as `docs/verifying.md` says. */
const libraries: Readonly<Record<string, readonly [Typ, ...Algorithm[]]>> = {
  'aws-jwt-verify': ['JWT', 'ES256', 'RS256', 'EdDSA'],
  'express-oauth2-jwt-bearer': ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  'fast-jwt': ['JWT', 'ES256', 'RS256'],
  'fastify-jwt': ['JWT', 'ES256', 'RS256'],
  'hapi-jwt': ['JWT', 'RS256'],
  hono: ['JWT', 'ES256', 'RS256', 'EdDSA'],
  jose: ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  jsonwebtoken: ['JWT', 'ES256', 'RS256'],
  oauth4webapi: ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  'okta-jwt-verifier': ['JWT', 'RS256'],
  'openid-client': ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
}
const cases = Object.entries(libraries).flatMap(([name, [typ, ...accepted]]) =>
  accepted.map((algorithm) => [name, algorithm, typ] as const),
)

async function load(name: string): Promise<Verifier> {
  const file = new URL(`./${name}.mjs`, import.meta.url)
  expect(existsSync(file)).toBe(true)
  return (await import(file.href)) as Verifier
}
const settingsOf = ({ url }: TestServer, algorithm: string): Settings => ({
  issuer: url,
  audience,
  jwksUri: `${url}/.well-known/jwks.json`,
  algorithm,
  secretKey: acme.key,
})

async function expectDecisions(verify: Verify, { good, refused }: Awaited<ReturnType<typeof mintAll>>) {
  expect(await verify(good)).toMatchObject({ aud: audience, account_id: acme.account })
  const accepted: string[] = []
  for (const [what, token] of Object.entries(refused)) if (await accepts(verify, token)) accepted.push(what)
  expect(accepted).toEqual([])
  expect(await verify(good)).toMatchObject({ aud: audience })
}

/** Some libraries throw instead of rejecting. */
async function accepts(verify: Verify, token: string): Promise<boolean> {
  try {
    await verify(token)
    return true
  } catch {
    return false
  }
}

function missing(): never {
  throw new Error('There is no such server.')
}

test.each(cases)(
  '%s accepts a token with %s and typ %s for its audience, and no other',
  async (name, algorithm, typ) => {
    const { server, tokens } = prepared.get(algorithm) ?? missing()
    const verify = await (await load(name)).createVerify(settingsOf(server, algorithm))
    await expectDecisions(verify, tokens.get(typ) ?? missing())
  },
)

/** Libraries of Debian, which `scripts/install-verifiers.sh` installs. */
const scripts = [
  { recipe: 'with_pyjwt.py', command: ['/usr/bin/python3', 'run.py'], probe: 'import jwt, cryptography' },
  { recipe: 'with_authlib.py', command: ['/usr/bin/python3', 'run.py'], probe: 'import authlib.jose' },
  { recipe: 'with_jwcrypto.py', command: ['/usr/bin/python3', 'run.py'], probe: 'import jwcrypto' },
  { recipe: 'with_ruby_jwt.rb', command: ['/usr/bin/ruby', 'run.rb'], probe: 'require "jwt"' },
] as const
const folder = fileURLToPath(new URL('.', import.meta.url))
const scriptCases = scripts.flatMap((one) =>
  // Ruby needs another library for EdDSA
  algorithms
    .filter((algorithm) => algorithm !== 'EdDSA' || !one.recipe.endsWith('.rb'))
    .map((algorithm) => ({ ...one, algorithm })),
)
const isInstalled = ({ command: [program], probe }: (typeof scripts)[number]) =>
  spawnSync(program, [program.endsWith('ruby') ? '-e' : '-c', probe]).status === 0

for (const one of scripts.filter((script) => !isInstalled(script))) {
  process.stderr.write(`Skipped ${one.recipe}: run scripts/install-verifiers.sh.\n`)
}

describe.each(scriptCases)('$recipe with $algorithm', (one) => {
  test.skipIf(!isInstalled(one))('accepts a token for its audience, and no other', async () => {
    const { server, tokens } = prepared.get(one.algorithm) ?? missing()
    const { good, refused } = tokens.get('JWT') ?? missing()
    const { issuer, jwksUri } = settingsOf(server, one.algorithm)
    const [program, runner] = one.command
    const all = [good, ...Object.values(refused), good]
    const settings = [issuer, audience, jwksUri, one.algorithm]
    const child = execFile(program, [runner, one.recipe, ...settings], { cwd: folder })
    child.stdin?.end(all.join('\n'))
    const decided = (await text(child.stdout ?? missing()))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const accepted = expect.objectContaining({ aud: audience, account_id: acme.account })
    expect(decided).toEqual([accepted, ...Object.values(refused).map(() => null), accepted])
  })
})
