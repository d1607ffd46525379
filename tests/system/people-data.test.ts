import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, mintUserToken, paths } from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

const user = { client_key: acme.clientKey, user_id: 'user_42' }
const claimsWith = async (more: object) => decodeJwt(await mintUserToken(server, more))
const userToken = (json: string) => server.postAsAcme(paths.userToken, json)
const guest = (more: object) => server.postFromShop(paths.guest, { client_key: acme.clientKey, ...more })
const admin = (path: string, body: unknown) => server.postAsAcme(`/v1/admin/${path}`, body)

test('a token carries the email address exactly as sent, in any script', async () => {
  for (const email of ['jörg@example.de', '用户@例子.广告', 'a..b@ezweb.example.jp', 'dept/ship=1@example.com']) {
    expect((await claimsWith({ email })).user).toEqual({ id: 'user_42', email })
  }
  await expectText(
    await server.postAsAcme(paths.userToken, { ...user, email: 'a@b@c' }),
    422,
    /^Invalid email: .*one @/,
  )
})

test('200 for a guest with any locale; a client key keeps the normalized one', async () => {
  for (const locale of ['en_US', 'pt_BR.UTF-8', 'en-US@posix', 'C', '']) {
    expect((await guest({ locale })).status, locale).toBe(200)
  }
  const key = { name: 'locales', agent: { id: 'a', display_name: 'Ada' }, locale: 'pt_BR.UTF-8' }
  const response = await admin('client_keys', { ...key, supported_locales: ['en_US', 'pt-BR'] })
  expect(await bodyOf<object>(response)).toMatchObject({ locale: 'pt-BR', supported_locales: ['en-US', 'pt-BR'] })
})

describe('null for an optional member', () => {
  test('is the same as leaving it out, in the visitor API', async () => {
    const nothing = { external_user_id: null, display_name: null, email: null, agent_id: null, traits: null }
    const claims = await claimsWith(nothing)
    expect(claims.user).toEqual({ id: 'user_42' })
    expect(claims).not.toHaveProperty('traits')
    expect((await guest({ agent_id: null, locale: null, metadata: null, embed_ticket: null })).status).toBe(200)
    const token = await mintUserToken(server)
    const exchange = { token, user_token: null, client_key: null, session_token: null, embed_ticket: null }
    expect((await server.postFromShop(paths.exchange, exchange)).status).toBe(200)
  })

  test('is the same as leaving it out, in the administration API, also inside objects', async () => {
    const agent = { id: 'agent_1', display_name: 'Ada', avatar_url: null }
    const branding = { primary_color: null, logo_url: null }
    const optional = { auth_mode: null, widget_enabled: null, locale: null, supported_locales: null, rate_limit: null }
    const copy = { greeting: 'Hi', privacy_notice: null }
    const made = await admin('client_keys', { name: null, agent, branding, copy, ...optional })
    expect(made.status).toBe(200)
    const key = await bodyOf<{ id: string; agent: object; branding: object; copy: object; locale: string }>(made)
    expect(key).toMatchObject({ name: '', locale: 'en', auth_mode: 'both', branding: { primary_color: '#2563eb' } })
    expect(key.agent).toEqual({ id: 'agent_1', display_name: 'Ada' })
    expect(key.copy).toEqual({ greeting: 'Hi', launcher_label: '' })
    const kept = await admin(`client_keys/${key.id}`, { name: null, agent: null, branding: null, disabled: null })
    expect(await bodyOf<object>(kept)).toEqual(key)
    const revoked = await admin('sessions/revoke', {
      session_id: null,
      user_id: 'user_42',
      account: null,
      children: null,
    })
    expect(await bodyOf<object>(revoked)).toMatchObject({ scope: 'user' })
  })

  test('200 over tRPC too', async () => {
    const response = await server.trpc('visitor.userToken', { ...user, email: null, traits: null }, bearer(acme.key))
    expect(response.status).toBe(200)
  })

  test('is kept where it has a meaning: inside traits, and in required members', async () => {
    expect((await claimsWith({ traits: { plan: null } })).traits).toEqual({ plan: null })
    await expectText(await server.postAsAcme(paths.userToken, { ...user, user_id: null }), 400, /^Missing/)
    expect((await admin('customers', { id: null })).status).toBe(422)
    expect((await admin('client_keys', { agent: { id: 'a', display_name: null } })).status).toBe(422)
  })
})

describe('whole numbers in traits and metadata', () => {
  const traits = (json: string) => userToken(`{"client_key":"${acme.clientKey}","user_id":"u1","traits":${json}}`)

  test.each(['9007199254740991', '-9007199254740991', '0', '12.75', '1e15'])(
    '200 for %s, unchanged',
    async (number) => {
      const { token } = await bodyOf<{ token: string }>(await traits(`{"n":${number}}`))
      expect(decodeJwt(token).traits).toEqual({ n: Number(number) })
    },
  )

  test.each([
    '9007199254740992',
    '9007199254740993',
    '1147953659032899584',
    '-9223372036854775807',
    '123456789012345678901234567890',
    '9007199254740993.0',
    '1e300',
  ])('422 for %s, which a token would round', async (number) => {
    for (const json of [`{"n":${number}}`, `{"a":[{"b":[1,${number}]}]}`]) {
      await expectText(await traits(json), 422, /^Invalid traits: .*send it as a string/)
    }
    const metadata = `{"client_key":"${acme.clientKey}","metadata":{"n":${number}}}`
    await expectText(await server.postFromShop(paths.guest, metadata), 422, /^Invalid metadata: .*send it as a string/)
  })

  test('the same digits as a string arrive unchanged', async () => {
    const { token } = await bodyOf<{ token: string }>(await traits('{"n":"9007199254740993"}'))
    expect(decodeJwt(token).traits).toEqual({ n: '9007199254740993' })
  })
})
