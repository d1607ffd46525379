import type { Fixture } from '@hallpass/contracts'

/** What a new `hallpass dev` contains: the keys, customers and cards of the documentation's examples. */
export const sandbox = {
  accounts: [
    {
      id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      parent_id: null,
      api_keys: [
        { name: 'backend', secret: 'sk_test_acme', scopes: ['*'] },
        { name: 'documented examples', secret: 'My API Key', scopes: ['*'] },
        { name: 'widget host', secret: 'sk_test_acme_widget_host', scopes: ['tokens:introspect'] },
        { name: 'processor', secret: 'sk_test_acme_processor', scopes: ['tokens:redeem'] },
        { name: 'console', secret: 'sk_test_acme_console', scopes: ['*', 'host'] },
      ],
      client_keys: [
        {
          name: 'site',
          client_key: 'pk_test_acme',
          origin_allowlist: ['localhost:*', '127.0.0.1:*'],
          auth_mode: 'both',
          widget_enabled: true,
          agent: { id: 'agent_1', display_name: 'Ada' },
          branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
          copy: { greeting: 'Hi! How can I help?', launcher_label: 'Chat' },
          locale: 'en',
          supported_locales: ['en'],
        },
      ],
      customers: [
        { id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', name: 'Ada Lovelace', status: 'verified' },
        { id: '5c1f0d3a-97f4-4c0e-8f0b-2f7f3f6f9b02', name: 'Rejected Rita', status: 'rejected' },
      ],
      cards: [
        {
          id: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
          customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
          status: 'ACTIVE',
          last_four: '4242',
        },
        {
          id: 'c1b9e8a2-4f36-4a71-8a55-3d0d6f1e7b90',
          customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
          status: 'UNACTIVATED',
          last_four: '1881',
        },
      ],
    },
    {
      id: '4e1d2c9a-7b60-4f35-8a1e-9c3d5b7f1a24',
      name: 'Globex',
      tenant: '7_1',
      environment: 'sandbox',
      parent_id: null,
      api_keys: [
        {
          name: 'backend',
          secret: 'sk_test_globex',
          scopes: ['tokens:redeem', 'tokens:introspect', 'tokens:revoke'],
        },
      ],
      client_keys: [],
      customers: [{ id: 'b6a0f7d2-1c3e-4d58-9e2f-0a4c6e8b1d33', name: 'Grace Hopper', status: 'verified' }],
      cards: [
        {
          id: 'e8c4a2f6-5d71-4b93-8f0a-3c5e7d9b1f46',
          customer_id: 'b6a0f7d2-1c3e-4d58-9e2f-0a4c6e8b1d33',
          status: 'ACTIVE',
          last_four: '9007',
        },
      ],
    },
  ],
} satisfies Fixture

/** The keys and ids that texts and tests use. */
export const sandboxKeys = {
  apiKey: 'sk_test_acme',
  consoleKey: 'sk_test_acme_console',
  widgetHostKey: 'sk_test_acme_widget_host',
  clientKey: 'pk_test_acme',
  customerId: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
  cardId: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
} as const
