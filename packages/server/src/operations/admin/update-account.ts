import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { RecordChange } from '../../revocation/replace-names.js'
import { setDisabled } from '../../revocation/set-disabled.js'
import type { Account, Administrator } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'
import { showAccount } from './accounts.js'

type Update = Operations['admin.accounts.update']
type Input = ParsedInputOf<Update>

type Writes = Pick<Store, 'patchAccount' | 'disableAccount' | 'enableAccount' | 'addCutoff'>

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly record: RecordChange
  readonly store: Writes & Pick<Store, 'appendAuditEntry'>
}

/** Changes the account of the key, or a child of it. */
export const updateAccount = {
  isAlone: true,
  alsoLocks: ({ account_id }: Input) => [account_id],
  async run({ account, clock, record, store }: Deps, input: Input): Promise<OutputOf<Update>> {
    const id = input.account_id
    if (id === account.id) requireOwn(account, input)
    const shown = await changeAccount({ clock, store, by: { parentId: account.id }, now: clock.now() }, input)
    // the child's history shows what its parent did
    if (id !== account.id) await record(store, { accountId: id, input, value: shown })
    return shown
  },
}

interface ChangeDeps {
  readonly clock: Clock
  readonly store: Writes
  readonly by: Administrator
  /** In milliseconds. */
  readonly now: number
}

/** Changes an account below its administrator, which may itself be the parent's own account. */
export async function changeAccount({ clock, store, by, now }: ChangeDeps, input: Input): Promise<OutputOf<Update>> {
  const { account_id: id, name, rate_limit: limits, disabled, ...same } = input
  if (disabled !== undefined) await setDisabled({ clock, store, by, now }, id, disabled)
  const changed = await store.patchAccount(by === 'host' ? id : by.parentId, id, {
    name,
    requestsPerSecond: limits?.requests_per_second,
    requestsPerSecondPerKey: limits?.requests_per_second_per_key,
  })
  if (!changed) throw new HallpassError('not_found', messages.noAccount)
  const shown = showAccount(changed)
  requireSame(shown, same)
  if (disabled === false && shown.disabled) throw new HallpassError('state_conflict', messages.justDisabled)
  return shown
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
