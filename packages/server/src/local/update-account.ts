import { type Operations, type OutputOf, operations, type ParsedInputOf } from '@hallpass/contracts'
import { type Clock, systemClock } from '../clock.js'
import { changeAccount } from '../operations/admin/update-account.js'
import { type HostOptions, withDatabase } from './open-local.js'

type Update = Operations['admin.accounts.update']

/**
 * Changes any account of this host's database, also one without a parent. Running servers follow within a second. The
 * account's history gets an entry without a key.
 */
export function updateAccountOnHost(
  options: HostOptions,
  input: ParsedInputOf<Update>,
  clock: Clock = systemClock,
): Promise<OutputOf<Update>> {
  return withDatabase(options, ({ store, record }) =>
    store.transaction(async (tx) => {
      // a server's clock may be ahead of this host's
      const now = Math.max(clock.now(), (await tx.findLatestTime()) ?? 0)
      const value = await changeAccount({ clock, store: tx, by: 'host', now }, input)
      const operation = operations['admin.accounts.update']
      await record(tx, { operation, accountId: value.id, input, value })
      return value
    }),
  )
}
