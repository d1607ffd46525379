import { defineOperation } from '../operation.js'
import { exampleId, exampleTime, listExample, paged, read, secretWrite, write } from './common.js'
import {
  AdminApiKey,
  AdminClientKey,
  ApiKeyCreateInput,
  ApiKeyDisableInput,
  ApiKeyRotateInput,
  ClientKeyAllowOriginInput,
  ClientKeyCreateInput,
  ClientKeyUpdateInput,
  DisabledApiKey,
  NewApiKey,
  pageOf,
} from './schemas.js'

const times = {
  created_at: exampleTime,
  expires_at: null,
  last_used_on: null,
  successor_id: null,
  hint: 'sk_test_3kF9…x7Qz',
}
const apiKey = { id: exampleId, name: 'backend', scopes: ['bridge:write'], disabled: false, ...times }
const clientKeyInput = {
  name: 'site',
  origin_allowlist: ['https://shop.example'],
  agent: { id: 'agent_1', display_name: 'Ada' },
}
const clientKey = {
  ...clientKeyInput,
  id: exampleId,
  client_key: 'pk_test_3kF9…',
  auth_mode: 'both',
  widget_enabled: true,
  disabled: false,
  branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
  copy: { greeting: '', launcher_label: '' },
  locale: 'en',
  supported_locales: ['en'],
}

/** Secret keys and client keys. */
export const adminKeysOperations = {
  'admin.apiKeys.create': defineOperation({
    ...secretWrite,
    id: 'admin.apiKeys.create',
    summary: 'Create a secret key',
    description: 'The secret is shown once. The new key can have only scopes that the calling key has.',
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
    description:
      'Lists the secret keys of the acting account. Secrets are not stored; `hint` shows the first and last characters.',
    paths: ['/v1/admin/api_keys'],
    output: pageOf(AdminApiKey),
    example: listExample(apiKey),
  }),
  'admin.apiKeys.rotate': defineOperation({
    ...secretWrite,
    id: 'admin.apiKeys.rotate',
    summary: 'Replace a secret key',
    description:
      'Creates a key with the same name and scopes. The old key keeps working for the overlap. A key that was already rotated is refused unless its successor was disabled.',
    paths: ['/v1/admin/api_keys/{api_key_id}/rotate'],
    pathFields: ['api_key_id'],
    input: ApiKeyRotateInput,
    output: NewApiKey,
    example: { input: { api_key_id: exampleId, overlap_seconds: 3600 }, output: { ...apiKey, secret: 'sk_test_…' } },
  }),
  'admin.apiKeys.disable': defineOperation({
    ...write,
    id: 'admin.apiKeys.disable',
    priority: 'high',
    summary: 'Disable a secret key',
    description:
      'The key stops working at once. A key that replaced it and was never used is disabled too. A replacement already in use keeps working and is named in the response; set `include_successors` to disable it as well. Tokens and sessions it minted stay valid unless you set `revoke_minted`. The calling key must have every scope of the key. To disable the last key that can administer the account, set `force`.',
    paths: ['/v1/admin/api_keys/{api_key_id}/disable'],
    pathFields: ['api_key_id'],
    input: ApiKeyDisableInput,
    output: DisabledApiKey,
    example: {
      input: { api_key_id: exampleId },
      output: { ...apiKey, disabled: true, disabled_successor_ids: [], active_successor_id: null },
    },
  }),
  'admin.clientKeys.create': defineOperation({
    ...write,
    id: 'admin.clientKeys.create',
    summary: 'Create a client key',
    description: 'Allowlist entries are validated and normalized when they are saved.',
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
    description: 'Lists the client keys of the acting account with all their settings, including the allowlist.',
    paths: ['/v1/admin/client_keys'],
    output: pageOf(AdminClientKey),
    example: listExample(clientKey),
  }),
  'admin.clientKeys.update': defineOperation({
    ...write,
    id: 'admin.clientKeys.update',
    summary: 'Change a client key',
    description:
      'Fields you leave out keep their value, also inside `branding`; `copy` is replaced as a whole. While `disabled` is true, its sessions and visitor tokens are not valid.',
    paths: ['/v1/admin/client_keys/{client_key_id}'],
    pathFields: ['client_key_id'],
    input: ClientKeyUpdateInput,
    output: AdminClientKey,
    example: {
      input: { client_key_id: exampleId, widget_enabled: false },
      output: { ...clientKey, widget_enabled: false },
    },
  }),
  'admin.clientKeys.allowOrigin': defineOperation({
    ...write,
    id: 'admin.clientKeys.allowOrigin',
    summary: 'Add an origin to the allowlist',
    description:
      'Adds one origin and keeps the others, whatever changes them meanwhile. An origin that is already allowed changes nothing. Use it for the origins that observe mode has seen.',
    paths: ['/v1/admin/client_keys/{client_key_id}/allow_origin'],
    pathFields: ['client_key_id'],
    input: ClientKeyAllowOriginInput,
    output: AdminClientKey,
    example: {
      input: { client_key_id: exampleId, origin: 'https://new.example' },
      output: { ...clientKey, origin_allowlist: ['https://shop.example', 'https://new.example'] },
    },
  }),
} as const
