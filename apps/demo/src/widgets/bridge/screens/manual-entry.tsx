import { type FormEvent, useState } from 'react'
import type { Refusal } from '../../../shared/backend-api.js'
import { isRoutingNumber } from '../../../shared/is-routing-number.js'
import { Problem } from '../../common/problem.js'
import { useBusy } from '../../common/use-busy.js'

interface ManualEntryProps {
  readonly refusal: Refusal | undefined
  readonly onSubmit: (account: object) => Promise<void>
  readonly onBack: () => void
}

export function ManualEntry({ refusal, onSubmit, onBack }: ManualEntryProps) {
  const [isBusy, run] = useBusy()
  const [issue, setIssue] = useState<string>()

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const account = Object.fromEntries(new FormData(event.currentTarget))
    const found = issueOf(account)
    setIssue(found)
    if (found === undefined) run(() => onSubmit(account))
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2>Enter account details</h2>
      <label className="field">
        Routing number
        <input name="routing_number" inputMode="numeric" autoComplete="off" maxLength={9} />
      </label>
      <label className="field">
        Account number
        <input name="account_number" inputMode="numeric" autoComplete="off" maxLength={17} />
      </label>
      <label className="field">
        Account type
        <select name="account_type">
          <option value="checking">Checking</option>
          <option value="savings">Savings</option>
        </select>
      </label>
      <Problem refusal={issue === undefined ? refusal : { reason: 'validation_failed', message: issue }} />
      <div className="actions">
        <button type="button" className="quiet" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="primary" aria-disabled={isBusy}>
          {isBusy ? 'Connecting…' : 'Connect'}
        </button>
      </div>
    </form>
  )
}

function issueOf({ routing_number, account_number }: Record<string, unknown>): string | undefined {
  if (!isRoutingNumber(String(routing_number))) return 'Enter a valid routing number with nine digits.'
  return /^\d{4,17}$/.test(String(account_number)) ? undefined : 'Enter an account number with 4 to 17 digits.'
}
