import { expect, test } from 'vitest'
import { isSecretName } from './secret-names.js'

test.each([
  'token',
  'user_token',
  'session_token',
  'refresh_token',
  'bridge_token',
  'widget_token',
  'ticket',
  'embed_ticket',
  'secret',
  'client_secret',
  'password',
  'PASSWORD',
  'Authorization',
  'proxy-authorization',
  'Cookie',
  'Set-Cookie',
  'x-vault-token',
])('%s names a secret', (name) => {
  expect(isSecretName(name)).toBe(true)
})

test.each(['client_key', 'token_type', 'tokens', 'expires_in', 'session_id', 'secretary', 'mytoken', 'secret_id'])(
  '%s does not name a secret',
  (name) => {
    expect(isSecretName(name)).toBe(false)
  },
)
