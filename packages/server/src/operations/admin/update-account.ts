import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { cutoffTimes, stragglerMilliseconds } from '../../revocation/cutoff-times.js'
import type { RecordChange } from '../../revocation/replace-names.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'
import { showAccount } from './accounts.js'

type Update = Operations['admin.accounts.update']
type Input = ParsedInputOf<Update>

interface Deps {
  readonly account: Account
  readonly clock: Pick<Clock, 'now'>
  readonly record: RecordChange
  readonly store: Pick<Store, 'patchAccount' | 'disableAccount' | 'enableAccount' | 'addCutoff' | 'appendAuditEntry'>
}

/**
 * Changes an account. Disabling it is one conditional write, with a cutoff that ends all of its tokens and sessions.
 * Enabling it ends whatever began until then, so no token comes back.
 */
export const updateAccount = {
  isAlone: true,
  alsoLocks: ({ account_id }: Input) => [account_id],
  async run({ account, clock, record, store }: Deps, input: Input): Promise<OutputOf<Update>> {
    const { account_id: id, name, rate_limit: limits, disabled, ...same } = input
    if (id === account.id) requireOwn(account, input)
    const now = clock.now()
    if (disabled) await disable(store, account, id, now)
    if (disabled === false) await enable(store, account, id, now)
    const changed = await store.patchAccount(account.id, id, {
      name,
      requestsPerSecond: limits?.requests_per_second,
      requestsPerSecondPerKey: limits?.requests_per_second_per_key,
    })
    if (!changed) throw new HallpassError('not_found', messages.noAccount)
    const shown = showAccount(changed)
    requireSame(shown, same)
    if (disabled === false && shown.disabled) throw new HallpassError('state_conflict', messages.justDisabled)
    // the child's history shows what its parent did
    if (id !== account.id) await record(store, { accountId: id, input, value: shown })
    return shown
  },
}

async function disable(store: Deps['store'], account: Account, id: string, now: number): Promise<void> {
  if (!(await store.disableAccount(account.id, id, now))) return
  await store.addCutoff(id, { scope: 'account', subject: id }, cutoffTimes(now + stragglerMilliseconds))
}

async function enable(store: Deps['store'], account: Account, id: string, now: number): Promise<void> {
  if (!(await store.enableAccount(account.id, id, now - stragglerMilliseconds))) return
  await store.addCutoff(id, { scope: 'account', subject: id }, cutoffTimes(now))
}

/** An account can't lift its own limits, and can't lock itself out. */
function requireOwn(account: Account, { disabled, rate_limit }: Input): void {
  const { rate_limit: limits } = showAccount(account)
  const isRaised = Object.entries(rate_limit ?? {}).some(([name, value]) => {
    // the names of both objects are those of the schema
    return value !== undefined && value !== limits[name as keyof typeof limits]
  })
  if (disabled || isRaised) throw new HallpassError('state_conflict', messages.ownAccount)
}

/** Fields that never change are accepted if they are unchanged. */
function requireSame(shown: OutputOf<Update>, same: Pick<Input, 'id' | 'tenant' | 'environment' | 'parent_id'>): void {
  for (const field of ['id', 'tenant', 'environment', 'parent_id'] as const) {
    if (same[field] === undefined || same[field] === shown[field]) continue
    throw new HallpassError('state_conflict', messages.accountField(field))
  }
}
