import { describe, expect, test } from 'vitest'
import { ClientKeyPatch, Fixture } from './fixture.js'
import { Issues, parseWith } from './issues.js'

const account = { id: '0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b', tenant: '2_3', environment: 'sandbox' }
const other = { ...account, id: '1a9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b' }
const agent = { id: 'agent_1', display_name: 'Ada' }
const clientKey = { client_key: 'pk_test_acme', agent }
const customer = { id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e' }
const card = { id: '7d943c51-e4ff-4e57-9558-08cab6b963c7', customer_id: customer.id }

const issuesOf = (fixture: unknown) => {
  const result = parseWith(Fixture, fixture)
  return result instanceof Issues ? result.list : undefined
}
const issuesWith = (parts: object) => issuesOf({ accounts: [{ ...account, ...parts }] })

/** A fixture that sets every field. */
const example = {
  accounts: [
    {
      id: '0f9b0f9b-0f9b-4f9b-8f9b-0f9b0f9b0f9b',
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      parent_id: null,
      api_keys: [{ name: 'backend', secret: 'sk_test_acme', scopes: ['*'] }],
      client_keys: [
        {
          name: 'site',
          client_key: 'pk_test_acme',
          origin_allowlist: ['http://shop.test:3000', '*.shop.example', 'localhost:*'],
          auth_mode: 'both',
          widget_enabled: true,
          agent: { id: 'agent_1', display_name: 'Ada' },
          branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
          copy: { greeting: 'Hi!', launcher_label: 'Chat' },
          locale: 'en',
          supported_locales: ['en'],
        },
      ],
      customers: [{ id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', name: 'Ada Lovelace', status: 'verified' }],
      cards: [
        {
          id: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
          customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
          status: 'ACTIVE',
          last_four: '4242',
        },
      ],
    },
  ],
}

describe('a fixture', () => {
  test('that sets every field is accepted unchanged', () => {
    expect(Fixture.parse(example)).toEqual(example)
  })

  test('that sets only required fields gets the defaults', () => {
    const parts = { client_keys: [clientKey], api_keys: [{ secret: 's', scopes: ['*'] }], customers: [customer] }
    expect(Fixture.parse({ accounts: [{ ...account, ...parts, cards: [card] }] })).toEqual({
      accounts: [
        {
          ...account,
          name: '',
          api_keys: [{ name: '', secret: 's', scopes: ['*'] }],
          client_keys: [
            {
              name: '',
              client_key: 'pk_test_acme',
              origin_allowlist: [],
              auth_mode: 'both',
              widget_enabled: true,
              agent,
              branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
              copy: { greeting: '', launcher_label: '' },
              locale: 'en',
            },
          ],
          customers: [{ id: customer.id, name: '', status: 'verified' }],
          cards: [{ ...card, status: 'UNACTIVATED' }],
        },
      ],
    })
  })

  test('parsing twice changes nothing', () => {
    const once = Fixture.parse(example)
    expect(Fixture.parse(once)).toEqual(once)
  })

  test('can list accounts in any order, set limits and add fields to copy', () => {
    const copy = { greeting: 'Hi!', launcher_label: 'Chat', placeholder: 'Type here' }
    const child = { ...other, parent_id: account.id, rate_limit: { requests_per_second: 0 } }
    const keys = [{ ...clientKey, copy, rate_limit: { guest_per_minute: 5 } }]
    expect(issuesOf({ accounts: [child, { ...account, client_keys: keys }] })).toBeUndefined()
  })

  test.each([
    ['an unknown field', { color: 1 }, 'color', 'is not a known field'],
    ['an invalid environment', { environment: 'staging' }, 'environment', 'must be one of sandbox, production'],
    ['an empty tenant', { tenant: '' }, 'tenant', 'must not be empty'],
    [
      'a key without scopes',
      { api_keys: [{ secret: 's', scopes: [] }] },
      'api_keys.0.scopes',
      'must name at least one scope',
    ],
    [
      'an invalid customer status',
      { customers: [{ ...customer, status: 'gone' }] },
      'customers.0.status',
      'must be one of verified, pending, review, rejected, inactive',
    ],
    [
      'an invalid card status',
      { cards: [{ ...card, status: 'active' }] },
      'cards.0.status',
      'must be one of UNACTIVATED, ACTIVE, SUSPENDED, TERMINATED',
    ],
    [
      'invalid last four digits',
      { cards: [{ ...card, last_four: '42424' }] },
      'cards.0.last_four',
      'must be four digits',
    ],
    [
      'an invalid allowlist entry',
      { client_keys: [{ ...clientKey, origin_allowlist: ['shop.example', '*'] }] },
      'client_keys.0.origin_allowlist.1',
      expect.stringMatching(/^must look like https:\/\/shop\.example, .* such as capacitor:\/\/localhost/),
    ],
    [
      'an invalid color',
      { client_keys: [{ ...clientKey, branding: { primary_color: 'red;}' } }] },
      'client_keys.0.branding.primary_color',
      'must be a color such as #2563eb',
    ],
  ])('reports %s by its path', (_, parts, path, detail) => {
    expect(issuesWith(parts)).toEqual([{ reference: `accounts.0.${path}`, detail }])
  })

  test.each(['javascript:alert(1)', 'data:image/png;base64,AA', 'ftp://shop.example/a.png', '/a.png'])(
    'an image that is not an http(s) URL is rejected: %s',
    (url) => {
      expect(issuesWith({ client_keys: [{ ...clientKey, agent: { ...agent, avatar_url: url } }] })).toHaveLength(1)
      expect(issuesWith({ client_keys: [{ ...clientKey, branding: { logo_url: url } }] })).toHaveLength(1)
    },
  )
})

describe('duplicates in a fixture', () => {
  const apiKey = { secret: 'sk_test_twice', scopes: ['*'] }

  test.each([
    ['account id', [account, account], 'accounts.1.id'],
    ['account id', [account, { ...account, id: account.id.toUpperCase() }], 'accounts.1.id'],
    ['secret key', [{ ...account, api_keys: [apiKey, apiKey] }], 'accounts.0.api_keys.1.secret'],
    [
      'secret key',
      [
        { ...account, api_keys: [apiKey] },
        { ...other, api_keys: [apiKey] },
      ],
      'accounts.1.api_keys.0.secret',
    ],
    ['client key', [{ ...account, client_keys: [clientKey, clientKey] }], 'accounts.0.client_keys.1.client_key'],
    [
      'customer id',
      [
        { ...account, customers: [customer] },
        { ...other, customers: [customer] },
      ],
      'accounts.1.customers.0.id',
    ],
    ['card id', [{ ...account, customers: [customer], cards: [card, card] }], 'accounts.0.cards.1.id'],
  ])('a duplicate %s is reported at its second place', (kind, accounts, reference) => {
    expect(issuesOf({ accounts })).toEqual([{ reference, detail: `is a duplicate ${kind}` }])
  })

  test('ids of different kinds can be equal', () => {
    const same = { customers: [{ id: account.id }], cards: [{ id: account.id, customer_id: account.id }] }
    expect(issuesWith(same)).toBeUndefined()
  })
})

test('a patch of a client key gets no defaults', () => {
  expect(ClientKeyPatch.parse({})).toEqual({})
  expect(ClientKeyPatch.parse({ disabled: true })).toEqual({ disabled: true })
  expect(ClientKeyPatch.parse({ origin_allowlist: ['Shop.Example'] })).toEqual({
    origin_allowlist: ['https://shop.example'],
  })
})

describe('the secret of a production account', () => {
  const secretIssues = (environment: string, secret: string) => {
    const account = { id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11', tenant: '2_3', environment }
    const fixture = { accounts: [{ ...account, api_keys: [{ secret, scopes: ['*'] }] }] }
    return Fixture.safeParse(fixture).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }

  test('has at least 16 characters, and the error message does not quote it', () => {
    expect(secretIssues('production', 'x'.repeat(15))).toEqual([
      'accounts.0.api_keys.0.secret must be at least 16 characters in a production account',
    ])
    expect(secretIssues('production', 'x'.repeat(16))).toBeUndefined()
    expect(secretIssues('sandbox', 'x')).toBeUndefined()
  })
})
