import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClientKeyId, Fixture, SecretKey } from './fixture.js'
import { Issues, parseWith } from './issues.js'
import { publishedSecrets } from './published-secrets.js'

const account = { id: '0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b', tenant: '2_3', environment: 'sandbox' }
const clientKey = { client_key: 'pk_test_acme', agent: { id: 'agent_1', display_name: 'Ada' } }
const issuesWith = (parts: object) => {
  const result = parseWith(Fixture, { accounts: [{ ...account, ...parts }] })
  return result instanceof Issues ? result.list : undefined
}

describe('the keys of a fixture', () => {
  test.each([
    ['sk_test_acme', true],
    ['My API Key', true],
    ['x', true],
    ['~'.repeat(200), true],
    ['x'.repeat(201), false],
    ['', false],
    [' x', false],
    ['x ', false],
    ['x\n', false],
    ['x\ty', false],
    ['clé', false],
    ['x\u0000', false],
  ])('secret key %j: %s', (key, expected) => {
    expect(SecretKey.safeParse(key).success).toBe(expected)
  })

  test.each([
    ['pk_test_acme', true],
    ['pk_live_A-b_9', true],
    ['pk_test_', false],
    ['pk_prod_acme', false],
    ['sk_test_acme', false],
    ['pk_test_a b', false],
    ['pk_test_a&b', false],
    ['pk_test_acme\n', false],
    [`pk_test_${'a'.repeat(201)}`, false],
  ])('client key %j: %s', (key, expected) => {
    expect(ClientKeyId.safeParse(key).success).toBe(expected)
  })

  test.each([...publishedSecrets])('the published secret %j is for sandbox accounts only', (secret) => {
    const parts = { api_keys: [{ secret, scopes: ['*'] }] }
    expect(issuesWith(parts)).toBeUndefined()
    expect(issuesWith({ ...parts, environment: 'production' })).toEqual([
      { reference: 'accounts.0.api_keys.0.secret', detail: expect.stringMatching(/is published|at least 16/) },
    ])
  })

  test('an error message never quotes a secret', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/)
    const breakIt = fc.constantFrom(
      (s: string) => `${s}\n`,
      (s: string) => ` ${s}`,
      (s: string) => [s],
      (s: string) => ({ [`${s.slice(0, 8)}`]: s }),
      (s: string) => s.repeat(20),
    )
    fc.assert(
      fc.property(secret, breakIt, (text, toInvalid) => {
        const apiKey = { secret: toInvalid(text), scopes: [text] }
        const issues = issuesWith({ api_keys: [apiKey, apiKey], client_keys: [{ ...clientKey, client_key: text }] })
        expect(issues).not.toBeUndefined()
        expect(JSON.stringify(issues)).not.toContain(text)
      }),
    )
  })
})
