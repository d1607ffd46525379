import { describe, expect, test } from 'vitest'
import { redactBody, redactText, secretsOf } from './request/redact.js'
import { hallpass } from './testing/hallpass.js'
import { startRecordingServer } from './testing/recording-server.js'

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln'
const secret = 'sk_test_very_secret'

describe('--debug', () => {
  test('prints the request and the response to stderr without secrets, and leaves stdout unchanged', async () => {
    const body = JSON.stringify({ data: { bridge_token: 'opaque-token' }, response_type: 'object' })
    const { url } = await startRecordingServer({
      body,
      headers: { 'Set-Cookie': 'a=secret-cookie', 'Request-Id': 'r1' },
    })
    const argv = ['bridge', 'initialize', '--customer-id', '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', '--debug']
    const { stdout, stderr } = await hallpass(argv, { env: { HALLPASS_API_KEY: secret, HALLPASS_BASE_URL: url } })
    expect(JSON.parse(stdout)).toEqual(JSON.parse(body))
    expect(stderr).toContain(`> POST ${url}/v1/bridge/initialize\n`)
    expect(stderr).toContain('> Authorization: Bearer <REDACTED>\n')
    expect(stderr).toContain('> {"customer_id":"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"}\n')
    expect(stderr).toContain('< 200 OK\n')
    expect(stderr).toContain('< request-id: r1\n')
    expect(stderr).toContain('< {"data":{"bridge_token":"<REDACTED>"},"response_type":"object"}\n')
    for (const hidden of [secret, 'opaque-token', 'secret-cookie']) expect(stderr).not.toContain(hidden)
  })

  test('redacts a token in the request, and in a response that repeats it', async () => {
    const { url } = await startRecordingServer({
      status: 400,
      headers: { 'Content-Type': 'text/plain' },
      body: `no such token: opaque-secret for ${secret}, nor ${jwt}`,
    })
    const argv = ['tokens', 'revoke', '--token', 'opaque-secret', '--request-id', secret, '--debug', '--base-url', url]
    const { stderr } = await hallpass(argv, { env: { HALLPASS_API_KEY: secret } })
    expect(stderr).toContain('> token=<REDACTED>\n')
    expect(stderr).toContain('< no such token: <REDACTED> for <REDACTED>, nor <REDACTED>\n')
    for (const hidden of [secret, 'opaque-secret', jwt]) expect(stderr).not.toContain(hidden)
  })

  test('prints the request even without a response', async () => {
    const argv = ['tokens', 'revoke', '--token', 'opaque-secret', '--debug', '--base-url', 'http://127.0.0.1:1']
    const { stderr } = await hallpass(argv, { env: { HALLPASS_API_KEY: secret } })
    expect(stderr).toMatch(/^> POST http:\/\/127\.0\.0\.1:1\/oauth2\/revoke\n/)
    expect(stderr).not.toContain('opaque-secret')
  })
})

describe('redactBody', () => {
  test('redacts secret members at any depth, and no others', () => {
    const body = (token: string) => JSON.stringify({ a: [{ user_token: token }], token_type: 'x' })
    expect(redactBody(body('x'), 'application/json')).toBe(body('<REDACTED>'))
  })

  test('a JWT is redacted under any name', () => {
    expect(redactBody(JSON.stringify({ note: `see ${jwt}!` }), 'application/json')).toBe('{"note":"see <REDACTED>!"}')
  })
})

test('a short secret is not redacted, because it would match everywhere', () => {
  expect(redactText('a cat', ['a', 'cat'])).toBe('a cat')
})

test('secretsOf finds the secrets of an input', () => {
  expect(secretsOf({ token: 'a', traits: { api_secret: 'b', plan: 'pro' }, list: [{ ticket: 'c' }] })).toEqual([
    'a',
    'b',
    'c',
  ])
})
