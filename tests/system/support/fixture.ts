import { Fixture } from '@hallpass/contracts'

/** Names in the fixture that every system test starts from. */
export const acme = {
  account: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  key: 'sk_test_acme',
  keyWithoutScopes: 'sk_test_acme_introspect_only',
  disabledKey: 'sk_test_acme_disabled',
  clientKey: 'pk_test_acme',
  guestOnly: 'pk_test_guest_only',
  userOnly: 'pk_test_user_only',
  off: 'pk_test_off',
  disabledClientKey: 'pk_test_disabled',
  limited: 'pk_test_limited',
  origin: 'https://shop.example',
  customer: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
  rejectedCustomer: '5c1f0d3a-97f4-4c0e-8f0b-2f7f3f6f9b02',
  inactiveCustomer: '6d2f1e4b-08a5-4d1f-9f1c-3f8a4f7fac03',
  activeCard: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
  newCard: 'c1b9e8a2-4f36-4a71-8a55-3d0d6f1e7b90',
  suspendedCard: 'd2caf9b3-5a47-4b82-9b66-4e1e7a2f8ca1',
} as const

/** Acme's child account. */
export const child = {
  account: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
  customer: '2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e',
  clientKey: 'pk_test_child',
} as const

/** An account that has nothing to do with Acme. */
export const rival = {
  account: '9e8d7c6b-5a49-4382-a716-05f4e3d2c1b0',
  key: 'sk_test_rival',
  clientKey: 'pk_test_rival',
  customer: '8d7c6b5a-4938-4271-9605-f4e3d2c1b0a9',
  card: '7c6b5a49-3827-4160-85f4-e3d2c1b0a998',
} as const

/** An account in production. */
export const live = {
  account: '3c4d5e6f-7a8b-4c9d-8e0f-1a2b3c4d5e6f',
  key: 'sk_live_acme_backend',
  customer: '4d5e6f7a-8b9c-4d0e-9f1a-2b3c4d5e6f7a',
} as const

const clientKey = (client_key: string, more: object = {}) => ({
  name: client_key,
  client_key,
  origin_allowlist: [acme.origin, '*.shop.example', 'localhost:*'],
  agent: { id: 'agent_1', display_name: 'Ada' },
  branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
  copy: { greeting: 'Hi!', launcher_label: 'Chat' },
  rate_limit: { guest_per_minute: 0 },
  ...more,
})

/** Limits are off, so that a test meets one only where it means to. */
export const fixture: Fixture = Fixture.parse({
  accounts: [
    {
      id: child.account,
      name: 'Acme Kids',
      tenant: '2_4',
      environment: 'sandbox',
      parent_id: acme.account,
      rate_limit: { requests_per_second: 0 },
      client_keys: [clientKey(child.clientKey)],
      customers: [{ id: child.customer, name: 'Kid', status: 'verified' }],
    },
    {
      id: acme.account,
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      parent_id: null,
      rate_limit: { requests_per_second: 0 },
      api_keys: [
        { name: 'backend', secret: acme.key, scopes: ['*'] },
        { name: 'introspect', secret: acme.keyWithoutScopes, scopes: ['tokens:introspect'] },
        { name: 'old', secret: acme.disabledKey, scopes: ['*'], disabled: true },
        { name: 'as the SDK tests send it', secret: 'My API Key', scopes: ['*'] },
      ],
      client_keys: [
        clientKey(acme.clientKey),
        clientKey(acme.guestOnly, { auth_mode: 'guest' }),
        clientKey(acme.userOnly, { auth_mode: 'user' }),
        clientKey(acme.off, { widget_enabled: false }),
        clientKey(acme.disabledClientKey, { disabled: true }),
        clientKey(acme.limited, { rate_limit: { guest_per_minute: 3 } }),
      ],
      customers: [
        { id: acme.customer, name: 'Ada Lovelace', status: 'verified' },
        { id: acme.rejectedCustomer, name: 'Rita', status: 'rejected' },
        { id: acme.inactiveCustomer, name: 'Ida', status: 'inactive' },
      ],
      cards: [
        { id: acme.activeCard, customer_id: acme.customer, status: 'ACTIVE', last_four: '4242' },
        { id: acme.newCard, customer_id: acme.customer, status: 'UNACTIVATED', last_four: '1881' },
        { id: acme.suspendedCard, customer_id: acme.customer, status: 'SUSPENDED' },
      ],
    },
    {
      id: rival.account,
      name: 'Rival',
      tenant: '9_9',
      environment: 'sandbox',
      rate_limit: { requests_per_second: 0 },
      api_keys: [{ name: 'backend', secret: rival.key, scopes: ['*'] }],
      client_keys: [clientKey(rival.clientKey)],
      customers: [{ id: rival.customer, name: 'Rob', status: 'verified' }],
      cards: [{ id: rival.card, customer_id: rival.customer, status: 'ACTIVE' }],
    },
    {
      id: live.account,
      name: 'Acme Live',
      tenant: '1_1',
      environment: 'production',
      rate_limit: { requests_per_second: 0 },
      api_keys: [{ name: 'backend', secret: live.key, scopes: ['*'] }],
      customers: [{ id: live.customer, name: 'Liv', status: 'verified' }],
    },
  ],
})
