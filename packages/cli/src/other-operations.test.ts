import { describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
const env = { HALLPASS_API_KEY: 'sk_test_acme' }

async function record(argv: readonly string[]) {
  const { url, requests } = await startRecordingServer({ body: '{}' })
  const outcome = await hallpass([...argv, '--base-url', url], { env })
  return { ...outcome, request: requests[0] }
}

describe('hallpass visitor', () => {
  test('guest sends the Origin and no secret key', async () => {
    const { request } = await record([
      'visitor',
      'guest',
      '--client-key',
      'pk_test_acme',
      '--origin',
      'https://shop.test',
    ])
    expect(request).toMatchObject({
      method: 'POST',
      target: '/api/v1/widget/auth/guest',
      headers: { origin: 'https://shop.test' },
      body: '{"client_key":"pk_test_acme"}',
    })
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test('config sends the client key in the query', async () => {
    const { request } = await record(['visitor', 'config', '--client-key', 'pk test', '--origin', 'https://shop.test'])
    expect(request).toMatchObject({ method: 'GET', target: '/api/v1/widget/config?client_key=pk+test', body: '' })
  })

  test('user-token accepts traits as YAML', async () => {
    const { request } = await record([
      'visitor',
      'user-token',
      '--client-key',
      'pk',
      '--user-id',
      '42',
      '--traits',
      '{plan: pro, seats: 3}',
    ])
    expect(JSON.parse(request?.body ?? '')).toEqual({
      client_key: 'pk',
      user_id: '42',
      traits: { plan: 'pro', seats: 3 },
    })
  })

  test('user-token requires a user id, under either name', async () => {
    const missing = await record(['visitor', 'user-token', '--client-key', 'pk'])
    expect(missing.stderr).toMatch(/^Missing required flag --user-id or its alias --external-user-id\.\n/)
    const alias = await record(['visitor', 'user-token', '--client-key', 'pk', '--external-user-id', '42'])
    expect(alias.exitCode).toBe(0)
  })

  test('an origin with a path is rejected before sending', async () => {
    const { stderr, request } = await record([
      'visitor',
      'guest',
      '--client-key',
      'pk',
      '--origin',
      'https://shop.test/',
    ])
    expect(stderr).toContain('--origin must be an origin such as https://shop.example, without a path.')
    expect(request).toBeUndefined()
  })
})

test('hallpass cards widget-token sends its flags in the path and the query', async () => {
  const { request } = await record([
    'cards',
    'widget-token',
    '--card-id',
    card,
    '--widget-type',
    'REVEAL',
    '--idempotency-key',
    'k',
  ])
  expect(request).toMatchObject({
    method: 'GET',
    target: `/v1/cards/${card}/widget_token?widget_type=REVEAL`,
    headers: { authorization: 'Bearer sk_test_acme', 'idempotency-key': 'k' },
    body: '',
  })
})

test('hallpass tokens introspect sends a form', async () => {
  const { request } = await record(['tokens', 'introspect', '--token', 'a+b/c=='])
  expect(request).toMatchObject({
    target: '/oauth2/introspect',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'token=a%2Bb%2Fc%3D%3D',
  })
})

describe('hallpass api-keys create', () => {
  test('accepts a list item by item or as a whole', async () => {
    const argv = [
      'api-keys',
      'create',
      '--scopes',
      '*',
      '--scopes',
      '[bridge:write, cards:write]',
      '--expires-in',
      '3600',
    ]
    const { request } = await record(argv)
    expect(JSON.parse(request?.body ?? '')).toEqual({ scopes: ['*', 'bridge:write', 'cards:write'], expires_in: 3600 })
  })

  test('an error inside a list names the item', async () => {
    const { stderr } = await record(['api-keys', 'create', '--scopes', 'admin', '--scopes', 'everything'])
    expect(stderr).toMatch(/^--scopes: item 2 must be one of \*, /)
  })

  test('an invalid number is rejected before sending', async () => {
    const { stderr, request } = await record(['api-keys', 'create', '--scopes', 'admin', '--expires-in', 'soon'])
    expect(stderr).toContain('--expires-in must be a number.')
    expect(request).toBeUndefined()
  })
})

test('hallpass client-keys update accepts booleans with and without a value', async () => {
  const update = ['client-keys', 'update', '--client-key-id', 'k']
  const on = await record([...update, '--widget-enabled', '--disabled=false'])
  expect(JSON.parse(on.request?.body ?? '')).toEqual({ widget_enabled: true, disabled: false })
})
