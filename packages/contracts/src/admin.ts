import { z } from 'zod'
import {
  AccountCreateInput,
  AdminAccount,
  AdminApiKey,
  AdminCard,
  AdminClientKey,
  AdminCustomer,
  AdminSigningKey,
  ApiKeyCreateInput,
  ApiKeyRotateInput,
  CardGetInput,
  ClientKeyCreateInput,
  ClientKeyUpdateInput,
  CustomerGetInput,
  NewApiKey,
  PageInput,
  pageOf,
  SessionsRevoked,
  SessionsRevokeInput,
} from './admin-schemas.js'
import { FixtureCard, FixtureCustomer } from './fixture.js'
import { adminIdempotency } from './idempotency.js'
import { defineOperation } from './operation.js'
import { secretKeyReasons } from './reasons.js'
import { filledText } from './scalars.js'

const common = {
  source: 'wire 4',
  caller: { by: 'secret_key', scope: 'admin' },
  dialect: 'code',
  refusals: [
    ...secretKeyReasons,
    'invalid_path_parameter',
    'invalid_query_parameter',
    'state_conflict',
    'idempotency_invalid_reuse',
    'idempotency_concurrent_use',
  ],
} as const

/** A read: GET, with everything in the path and the query. */
const read = { ...common, kind: 'query', methods: ['GET'], body: 'ignored' } as const
/** A write: POST. */
const plainWrite = { ...common, kind: 'mutation', methods: ['POST'], body: 'json' } as const
/** A write that a repeat with the same Idempotency-Key does not do again. */
const write = { ...plainWrite, idempotency: adminIdempotency } as const
/** Signing keys are the server's, not an account's: only a key that was given the scope `host` may touch them. */
const hostOnly = { caller: { by: 'secret_key', scope: 'host' } } as const
const paged = { queryFields: ['cursor', 'limit'], input: z.strictObject(PageInput) } as const
const id = filledText(100)

const at = '2026-11-21T08:00:00.000Z'
const uuidExample = '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893'
const account = { id: uuidExample, name: 'Acme Kids', tenant: '2_4', environment: 'sandbox', parent_id: null }
const times = { created_at: at, expires_at: null, last_used_on: null }
const apiKey = { id: uuidExample, name: 'backend', scopes: ['bridge:write'], disabled: false, ...times }
const clientKeyInput = {
  name: 'site',
  origin_allowlist: ['https://shop.example'],
  agent: { id: 'agent_1', display_name: 'Ada' },
}
const clientKey = {
  ...clientKeyInput,
  id: uuidExample,
  client_key: 'pk_test_3kF9…',
  auth_mode: 'both',
  widget_enabled: true,
  disabled: false,
  branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
  copy: { greeting: '', launcher_label: '' },
  locale: 'en',
  supported_locales: ['en'],
}
const customer = { id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', name: 'Ada Lovelace', status: 'verified' }
const card = {
  id: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
  customer_id: customer.id,
  status: 'ACTIVE',
  last_four: '4242',
}
const signingKey = {
  kid: 'DbnE-bj1jooilgLGeObwm0w8nra3uGsn0GSrEFc7Zr0',
  alg: 'EdDSA',
  state: 'active',
  created_at: at,
  activates_at: at,
}
const list = (item: object) => ({ input: {}, output: { data: [item] } })

export const adminOperations = {
  'admin.accounts.create': defineOperation({
    ...write,
    id: 'admin.accounts.create',
    summary: 'Create a child account',
    description: 'Creates an account under the account in scope, in the same environment.',
    paths: ['/v1/admin/accounts'],
    input: AccountCreateInput,
    output: AdminAccount,
    example: { input: { name: 'Acme Kids', tenant: '2_4' }, output: account },
  }),
  'admin.accounts.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.accounts.list',
    summary: 'List the account in scope and its children',
    description: 'The account in scope and its child accounts, in order of their ids.',
    paths: ['/v1/admin/accounts'],
    output: pageOf(AdminAccount),
    example: list(account),
  }),
  'admin.apiKeys.create': defineOperation({
    ...write,
    id: 'admin.apiKeys.create',
    summary: 'Create a secret key',
    description: 'The secret is shown once. A key can be given at most what the calling key has.',
    paths: ['/v1/admin/api_keys'],
    input: ApiKeyCreateInput,
    output: NewApiKey,
    example: { input: { name: 'backend', scopes: ['bridge:write'] }, output: { ...apiKey, secret: 'sk_test_…' } },
  }),
  'admin.apiKeys.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.apiKeys.list',
    summary: 'List secret keys',
    description: 'Without their secrets, which are kept nowhere.',
    paths: ['/v1/admin/api_keys'],
    output: pageOf(AdminApiKey),
    example: list(apiKey),
  }),
  'admin.apiKeys.rotate': defineOperation({
    ...write,
    id: 'admin.apiKeys.rotate',
    summary: 'Replace a secret key',
    description: 'Makes a new key with the same name and scopes; the old one goes on working for the overlap.',
    paths: ['/v1/admin/api_keys/{api_key_id}/rotate'],
    pathFields: ['api_key_id'],
    input: ApiKeyRotateInput,
    output: NewApiKey,
    example: { input: { api_key_id: uuidExample, overlap_seconds: 3600 }, output: { ...apiKey, secret: 'sk_test_…' } },
  }),
  'admin.apiKeys.disable': defineOperation({
    ...write,
    id: 'admin.apiKeys.disable',
    summary: 'Disable a secret key',
    description: 'The key stops working at once.',
    paths: ['/v1/admin/api_keys/{api_key_id}/disable'],
    pathFields: ['api_key_id'],
    input: z.strictObject({ api_key_id: id }),
    output: AdminApiKey,
    example: { input: { api_key_id: uuidExample }, output: { ...apiKey, disabled: true } },
  }),
  'admin.clientKeys.create': defineOperation({
    ...write,
    id: 'admin.clientKeys.create',
    summary: 'Create a client key',
    description: 'Allowlist entries are checked and normalised when they are saved.',
    paths: ['/v1/admin/client_keys'],
    input: ClientKeyCreateInput,
    output: AdminClientKey,
    example: { input: clientKeyInput, output: clientKey },
  }),
  'admin.clientKeys.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.clientKeys.list',
    summary: 'List client keys',
    description: 'With all their settings, the allowlist included.',
    paths: ['/v1/admin/client_keys'],
    output: pageOf(AdminClientKey),
    example: list(clientKey),
  }),
  'admin.clientKeys.update': defineOperation({
    ...write,
    id: 'admin.clientKeys.update',
    summary: 'Change a client key',
    description: 'What is not named stays. `disabled: true` ends its sessions and visitor tokens while it stands.',
    paths: ['/v1/admin/client_keys/{client_key_id}'],
    pathFields: ['client_key_id'],
    input: ClientKeyUpdateInput,
    output: AdminClientKey,
    example: {
      input: { client_key_id: uuidExample, widget_enabled: false },
      output: { ...clientKey, widget_enabled: false },
    },
  }),
  'admin.customers.upsert': defineOperation({
    ...write,
    id: 'admin.customers.upsert',
    summary: 'Add or change a customer',
    description: 'An id that belongs to another account is refused as a conflict.',
    paths: ['/v1/admin/customers'],
    input: FixtureCustomer,
    output: AdminCustomer,
    example: { input: customer, output: customer },
  }),
  'admin.customers.get': defineOperation({
    ...read,
    id: 'admin.customers.get',
    summary: 'Get a customer',
    description: 'One customer of the account in scope.',
    paths: ['/v1/admin/customers/{customer_id}'],
    pathFields: ['customer_id'],
    input: CustomerGetInput,
    output: AdminCustomer,
    example: { input: { customer_id: customer.id }, output: customer },
  }),
  'admin.customers.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.customers.list',
    summary: 'List customers',
    description: 'In order of their ids.',
    paths: ['/v1/admin/customers'],
    output: pageOf(AdminCustomer),
    example: list(customer),
  }),
  'admin.cards.upsert': defineOperation({
    ...write,
    id: 'admin.cards.upsert',
    summary: 'Add or change a card',
    description: 'The customer must be one of the account in scope.',
    paths: ['/v1/admin/cards'],
    input: FixtureCard,
    output: AdminCard,
    example: { input: card, output: card },
  }),
  'admin.cards.get': defineOperation({
    ...read,
    id: 'admin.cards.get',
    summary: 'Get a card',
    description: 'One card of the account in scope.',
    paths: ['/v1/admin/cards/{card_id}'],
    pathFields: ['card_id'],
    input: CardGetInput,
    output: AdminCard,
    example: { input: { card_id: card.id }, output: card },
  }),
  'admin.cards.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.cards.list',
    summary: 'List cards',
    description: 'In order of their ids.',
    paths: ['/v1/admin/cards'],
    output: pageOf(AdminCard),
    example: list(card),
  }),
  'admin.sessions.revoke': defineOperation({
    ...write,
    id: 'admin.sessions.revoke',
    summary: 'End sessions',
    description:
      'Ends one session, or everything of a visitor, a user, a client key or the whole account that began before now.',
    paths: ['/v1/admin/sessions/revoke'],
    input: SessionsRevokeInput,
    output: SessionsRevoked,
    example: { input: { user_id: 'user_42' }, output: { revoked_at: at } },
  }),
  'admin.signingKeys.list': defineOperation({
    ...read,
    id: 'admin.signingKeys.list',
    ...hostOnly,
    summary: 'List signing keys',
    description: 'Public facts of every signing key, the one to be used last first.',
    paths: ['/v1/admin/signing_keys'],
    input: z.strictObject({}),
    output: z.object({ data: z.array(AdminSigningKey) }),
    example: list(signingKey),
  }),
  'admin.signingKeys.rotate': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.rotate',
    ...hostOnly,
    summary: 'Announce the next signing key',
    description: 'It is published now and signs in 15 minutes, when every verifier has had time to see it.',
    paths: ['/v1/admin/signing_keys/rotate'],
    input: z.strictObject({}),
    output: AdminSigningKey,
    example: { input: {}, output: { ...signingKey, state: 'announced' } },
  }),
  'admin.signingKeys.revoke': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.revoke',
    ...hostOnly,
    summary: 'Take a signing key away at once',
    description: 'For a key that leaked: every token it signed stops being valid. A new key signs from then on.',
    paths: ['/v1/admin/signing_keys/{kid}/revoke'],
    pathFields: ['kid'],
    input: z.strictObject({ kid: id }),
    output: z.object({ data: z.array(AdminSigningKey) }),
    example: { input: { kid: signingKey.kid }, output: { data: [signingKey] } },
  }),
} as const
