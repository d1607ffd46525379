import type { Fixture } from '@hallpass/contracts'
import { acme, fixture } from './fixture.js'

/** A key of Acme that may manage the server's signing keys too. */
export const hostKey = 'sk_test_acme_host'

const added = { name: 'host', secret: hostKey, scopes: ['*', 'host'] as const, disabled: false }

/** The usual fixture, and the key above. */
export const fixtureWithHost: Fixture = {
  accounts: fixture.accounts.map((account) =>
    account.id === acme.account
      ? { ...account, api_keys: [...account.api_keys, { ...added, scopes: [...added.scopes] }] }
      : account,
  ),
}
