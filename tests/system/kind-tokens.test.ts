import { readdirSync, readFileSync } from 'node:fs'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { isEndedByFeed, declaredKinds as kinds, readFeed } from './support/fixtures/declared-kinds.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, introspect, revoke } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

interface Minted {
  readonly token: string
  readonly token_id: string
  readonly expires_in: number
  readonly uses: number | null
}

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
const put = (declaration: { readonly name: string }, key: string = hostKey) =>
  server.trpc('admin.kinds.put', declaration, bearer(key))
beforeAll(async () => {
  admin = administer(server)
  for (const kind of kinds) expect((await put(kind)).status).toBe(200)
})

const mintRaw = (input: object, key: string = hostKey, more = {}) =>
  server.post('/v1/tokens', input, { ...bearer(key), ...more })
const mint = async (kind: string, more: object = {}) =>
  bodyOf<Minted>(await mintRaw({ kind, subject: 'user_42', ...more }))
const redeem = (token: string, kind: string, more: object = {}, key: string = hostKey, headers = {}) =>
  server.post('/v1/tokens/redeem', { token, kind, ...more }, { ...bearer(key), ...headers })

describe.each(kinds)('$name', ({ name, form, uses }) => {
  test('is minted, introspected and redeemed as often as it has uses', async () => {
    const minted = await mint(name, { resource: 'report_7', actions: ['view'], claims: { rows: ['eu'] } })
    expect(minted).toMatchObject({ kind: name, expires_in: 600, uses })
    const active = await introspect(server, minted.token)
    expect(active).toMatchObject({
      active: true,
      token_type: 'declared',
      kind: name,
      sub: 'user_42',
      resource: 'report_7',
    })
    expect(active).toMatchObject({
      jti: minted.token_id,
      actions: ['view'],
      claims: { rows: ['eu'] },
      kind_revision: 1,
    })
    for (let use = 1; use <= (uses ?? 5); use++) {
      expect(await bodyOf(await redeem(minted.token, name, { action: 'view', resource: 'report_7' }))).toEqual({
        ...{ kind: name, subject: 'user_42', resource: 'report_7', actions: ['view'], claims: { rows: ['eu'] } },
        uses_left: uses === null ? null : uses - use,
        redeemed_at: expect.any(String),
      })
    }
    if (uses === null) return
    expect(await refusal(await redeem(minted.token, name))).toBe('422 TOKEN_ALREADY_USED')
    expect(await introspect(server, minted.token)).toEqual({ active: false })
  })

  test('of 20 redeems at once as many succeed as it has uses', async () => {
    const { token } = await mint(name)
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await redeem(token, name)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(uses ?? 20)
    expect(new Set(statuses)).toEqual(new Set(uses === null ? [200] : [200, 422]))
  })

  test('is not spent for another resource, action, kind or account', async () => {
    const { token } = await mint(name, { resource: 'report_7', actions: ['view'] })
    expect(await refusal(await redeem(token, name, { resource: 'report_8' }))).toBe('422 TOKEN_WRONG_RESOURCE')
    expect(await refusal(await redeem(token, name, { action: 'export' }))).toBe('422 TOKEN_ACTION_NOT_ALLOWED')
    const other = name === 'jwt-any' ? 'opaque-any' : 'jwt-any'
    expect(await refusal(await redeem(token, other))).toBe('404 RESOURCE_NOT_FOUND')
    // an account with a kind of the same name
    await put({ ...kinds[0], name }, rival.key)
    const [foreign, unknown] = [await redeem(token, name, {}, rival.key), await redeem('nothing', name, {}, rival.key)]
    expect([foreign.status, await foreign.json()]).toEqual([404, await unknown.json()])
    const form = { token }
    expect(await (await server.postForm('/oauth2/introspect', form, bearer(rival.key))).json()).toEqual({
      active: false,
    })
    await server.postForm('/oauth2/revoke', form, bearer(rival.key))
    expect((await redeem(token, name)).status).toBe(200)
  })

  test('ends when it is revoked, with its account, its secret key or its kind, or expires', async () => {
    const { token } = await mint(name)
    await revoke(server, token)
    expect(await refusal(await redeem(token, name))).toBe('422 TOKEN_REVOKED')
    expect(await introspect(server, token)).toEqual({ active: false })

    const own = await admin.createKey(['kinds:mint'])
    const minted = await bodyOf<Minted>(await mintRaw({ kind: name, subject: 'user_42' }, own.secret))
    for (const end of [{ api_key_id: own.id }, { account: true }]) {
      const { token } = 'account' in end ? await mint(name) : minted
      expect((await admin.post('sessions/revoke', end)).status).toBe(200)
      expect(await refusal(await redeem(token, name))).toBe('422 TOKEN_REVOKED')
    }
    server.clock.advance(1000)

    const late = await mint(name, { ttl_seconds: 10 })
    server.clock.advance(10_000)
    expect(await refusal(await redeem(late.token, name))).toBe('422 TOKEN_EXPIRED')
    expect(await introspect(server, late.token)).toEqual({ active: false })

    const ending = { ...(kinds.find((kind) => kind.name === name) ?? kinds[0]), name: `ending-${name}` }
    const unnamed = { ...ending, audience: undefined, typ: undefined }
    expect((await put(unnamed)).status).toBe(200)
    const [long, short] = [await mint(ending.name, { ttl_seconds: 3600 }), await mint(ending.name)]
    expect((await put({ ...unnamed, ttl_seconds: { default: 60, max: 600 } } as never)).status).toBe(200)
    expect(await refusal(await redeem(long.token, ending.name))).toBe('422 TOKEN_REVOKED')
    expect(await introspect(server, short.token)).toMatchObject({ active: true })
    expect((await admin.post(`kinds/${ending.name}/disable`, {})).status).toBe(200)
    expect(await refusal(await redeem(short.token, ending.name))).toBe('422 TOKEN_REVOKED')
    expect(await refusal(await mintRaw({ kind: ending.name, subject: 'user_42' }))).toBe('422 INVALID_STATUS')
  })

  test('an Idempotency-Key gives the response of the first call again', async () => {
    const key = { 'Idempotency-Key': `of ${name}` }
    const input = { kind: name, subject: 'user_42' }
    const [first, second] = [await mintRaw(input, hostKey, key), await mintRaw(input, hostKey, key)]
    const minted = await bodyOf<Minted>(first)
    expect(await bodyOf(second)).toEqual(minted)
    const once = await bodyOf(await redeem(minted.token, name, {}, hostKey, key))
    expect(await bodyOf(await redeem(minted.token, name, {}, hostKey, key))).toEqual(once)
  })

  test.each([
    [{ actions: ['delete'] }, 'actions.0'],
    [{ claims: { rows: [1] } }, 'claims.rows.0'],
    [{ claims: { other: 1 } }, 'claims.other'],
    [{ ttl_seconds: 3601 }, 'ttl_seconds'],
  ])('422 for a mint with %j', async (more, reference) => {
    const response = await mintRaw({ kind: name, subject: 'user_42', ...more })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(reference)
  })

  if (form !== 'jwt') return
  test('a JWT of it is verified by a stock library with the audience and the type', async () => {
    const { token } = await mint(name, { resource: 'report_7' })
    const shown = await bodyOf<{ audience: string; typ: string }>(await admin.get(`kinds/${name}`))
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`))
    const expected = {
      issuer: server.url,
      audience: shown.audience,
      typ: shown.typ,
      currentDate: new Date(server.clock.now()),
    }
    const { payload } = await jwtVerify(token, keys, expected)
    expect(payload).toMatchObject({ sub: 'user_42', account_id: acme.account, kind: name, resource: 'report_7' })
    await expect(jwtVerify(token, keys, { ...expected, audience: 'widget-session' })).rejects.toThrow()
    const [head = '', body = '', signature = ''] = token.split('.')
    const changed = Buffer.from(body, 'base64url').toString().replace('user_42', 'user_43')
    const forged = [head, Buffer.from(changed).toString('base64url'), signature].join('.')
    expect(await refusal(await redeem(forged, name))).toBe('404 RESOURCE_NOT_FOUND')
  })
})

describe('a cutoff of a kind, a subject or a resource', () => {
  const readOwnFeed = () => readFeed(async (path) => (await server.get(path)).text(), acme.account)
  test.each(kinds)('ends the tokens of $name that began before', async ({ name, form }) => {
    const names = kinds.map((kind) => kind.name)
    const mintOthers = async () => [
      await mint(name, { subject: 'user_43', resource: 'report_8' }),
      await mint(names.find((other) => other !== name) ?? '', { subject: 'user_43', resource: 'report_8' }),
    ]
    for (const target of [{ kind: name }, { subject: 'user_42' }, { resource: 'report_7' }]) {
      const ended = await mint(name, { resource: 'report_7' })
      const others = await mintOthers()
      server.clock.advance(1)
      expect(await bodyOf(await admin.post('sessions/revoke', target))).toMatchObject({
        scope: Object.keys(target)[0],
        subject: Object.values(target)[0],
      })
      const stays = [...(target.kind === undefined ? others : others.slice(1)), await mintLater(name)]
      expect(await refusal(await redeem(ended.token, name))).toBe('422 TOKEN_REVOKED')
      expect(await introspect(server, ended.token)).toEqual({ active: false })
      for (const { token } of stays) expect(await introspect(server, token)).toMatchObject({ active: true })
      if (form !== 'jwt') continue
      server.clock.advance(1000)
      const feed = await readOwnFeed()
      expect(isEndedByFeed(feed, ended.token)).toBe(true)
      for (const { token } of stays.filter(({ token }) => token.startsWith('ey')))
        expect(isEndedByFeed(feed, token)).toBe(false)
    }
  })

  const mintLater = (name: string) => {
    server.clock.advance(1)
    return mint(name, { resource: 'report_7' })
  }

  test('is refused for a kind that the account did not declare', async () => {
    expect(await refusal(await admin.post('sessions/revoke', { kind: 'unknown-kind' }))).toBe('404 RESOURCE_NOT_FOUND')
  })
})

test('a JWT can live for 24 hours, and is named in the feed as long', async () => {
  const kind = { ...kinds[0], name: 'day-pass', ttl_seconds: { default: 86_400, max: 86_400 } }
  expect((await put(kind)).status).toBe(200)
  const [ended, other] = [await mint(kind.name), await mint(kind.name)]
  await revoke(server, ended.token)
  server.clock.advance(86_399_000)
  const feed = await readFeed(async (path) => (await server.get(path)).text(), acme.account)
  expect(isEndedByFeed(feed, ended.token)).toBe(true)
  expect(isEndedByFeed(feed, other.token)).toBe(false)
  expect(await introspect(server, other.token)).toMatchObject({ active: true, kind: kind.name })
  // for offline verifiers, also what a replica still mints in the next 10 seconds
  expect((await admin.post(`kinds/${kind.name}/disable`, {})).status).toBe(200)
  server.clock.advance(1000)
  expect(
    isEndedByFeed(await readFeed(async (path) => (await server.get(path)).text(), acme.account), other.token),
  ).toBe(true)
})

test('the first use must come within start_within_seconds; the others until it expires', async () => {
  const [started, waiting] = [await mint('opaque-thrice'), await mint('opaque-thrice')]
  expect((await redeem(started.token, 'opaque-thrice')).status).toBe(200)
  server.clock.advance(60_000)
  expect((await redeem(started.token, 'opaque-thrice')).status).toBe(200)
  expect(await refusal(await redeem(waiting.token, 'opaque-thrice'))).toBe('422 TOKEN_EXPIRED')
})

test('403 without the scope, 404 for an unknown kind', async () => {
  const other = await admin.createKey(['bridge:write'])
  expect(await refusal(await mintRaw({ kind: 'jwt-any', subject: 'a' }, other.secret))).toBe('403 FORBIDDEN')
  expect(await refusal(await mintRaw({ kind: 'unknown-kind', subject: 'a' }))).toBe('404 RESOURCE_NOT_FOUND')
})

test('the declarations in examples/kinds are accepted', async () => {
  const folder = new URL('../../examples/kinds/', import.meta.url)
  const files = readdirSync(folder)
  expect(files).toHaveLength(3)
  for (const file of files) {
    const response = await put(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
    expect(response.status, await response.text()).toBe(200)
  }
  const { token } = await mint('voice-agent', { claims: { voice: 'sage' } })
  expect(await bodyOf(await redeem(token, 'voice-agent', { action: 'talk' }))).toMatchObject({ uses_left: 0 })
})
