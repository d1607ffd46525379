import type { Fixture } from '@hallpass/contracts'
import { type Clock, systemClock } from '../clock.js'
import { changesOfImport } from '../execute/record-import.js'
import { exportFixture } from '../fixture/export-fixture.js'
import { endAsOfNow } from '../fixture/import-account.js'
import { type Imported, type ImportOptions, importFixture } from '../fixture/import-fixture.js'
import { type HostOptions, withDatabase, withStore } from './open-local.js'

/** The size of a fixture. */
export interface FixtureCounts {
  readonly accounts: number
  readonly api_keys: number
  readonly client_keys: number
  readonly customers: number
  readonly cards: number
  readonly kinds: number
}

export function countFixture({ accounts }: Fixture): FixtureCounts {
  const sum = (list: 'api_keys' | 'client_keys' | 'customers' | 'cards' | 'kinds') =>
    accounts.reduce((total, account) => total + (account[list]?.length ?? 0), 0)
  return {
    accounts: accounts.length,
    api_keys: sum('api_keys'),
    client_keys: sum('client_keys'),
    customers: sum('customers'),
    cards: sum('cards'),
    kinds: sum('kinds'),
  }
}

/**
 * Imports a fixture into this host's database. Creates the keys whose secrets it doesn't contain, and returns their
 * secrets.
 */
export function importOnHost(
  options: HostOptions,
  fixture: Fixture,
  { clock = systemClock, ...how }: Pick<ImportOptions, 'overwrite' | 'onProgress'> & { readonly clock?: Clock } = {},
): Promise<Imported> {
  const production = fixture.accounts.some(({ environment }) => environment === 'production')
  return withStore({ ...options, production }, async ({ store, keys, record }) => {
    const imported = await store.transaction(async (tx) => {
      const deps = { clock, keys, store: tx }
      const imported = await importFixture(deps, fixture, { makeKeys: true, ...how })
      for (const change of changesOfImport(imported)) await record(tx, change)
      return imported
    })
    await store.transaction((tx) => endAsOfNow({ clock, store: tx }, imported.ended))
    return imported
  })
}

/** Yields this host's configuration as a fixture, piece by piece. */
export function exportOnHost(options: HostOptions, write: (piece: string) => Promise<void> | void): Promise<void> {
  return withDatabase(options, async ({ store }) => {
    for await (const piece of exportFixture(store)) await write(piece)
  })
}
