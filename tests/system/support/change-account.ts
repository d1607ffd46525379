import type { Fixture, FixtureAccount } from '@hallpass/contracts'
import { fixture } from './fixture.js'

/** The fixture with one account changed. */
export const changeAccount = (id: string, change: (account: FixtureAccount) => Partial<FixtureAccount>): Fixture => ({
  accounts: fixture.accounts.map((account) => (account.id === id ? { ...account, ...change(account) } : account)),
})
