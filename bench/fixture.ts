/** One account with one of everything, and without limits: a limit would be measured instead of the work. */
export const acme = {
  account: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  key: 'sk_test_acme',
  clientKey: 'pk_test_acme',
  origin: 'https://shop.example',
  customer: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
  card: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
  kind: 'report-embed',
} as const

/** A JWT that carries what a bridge token does: one id, and a few claims. */
const kind = {
  name: acme.kind,
  form: 'jwt',
  ttl_seconds: { default: 600, max: 3600 },
  actions: ['view', 'export'],
  resource: 'required',
  claims: {
    type: 'object',
    properties: { rows: { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 50 } },
    required: ['rows'],
    additionalProperties: false,
  },
}

export const benchFixture = {
  accounts: [
    {
      id: acme.account,
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      parent_id: null,
      rate_limit: { requests_per_second: 0 },
      api_keys: [{ name: 'backend', secret: acme.key, scopes: ['*'] }],
      client_keys: [
        {
          name: 'shop',
          client_key: acme.clientKey,
          origin_allowlist: [acme.origin],
          agent: { id: 'agent_1', display_name: 'Ada' },
          rate_limit: { guest_per_minute: 0 },
        },
      ],
      customers: [{ id: acme.customer, name: 'Ada Lovelace', status: 'verified' }],
      kinds: [kind],
      cards: [{ id: acme.card, customer_id: acme.customer, status: 'ACTIVE', last_four: '4242' }],
    },
  ],
}
