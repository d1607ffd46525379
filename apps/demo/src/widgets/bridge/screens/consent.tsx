import { useState } from 'react'
import type { Refusal } from '../../../shared/backend-api.js'
import type { AccountType, Institution } from '../../../shared/bridge-api.js'
import { Problem } from '../../common/problem.js'
import { useBusy } from '../../common/use-busy.js'

interface ConsentProps {
  readonly institution: Institution
  readonly refusal: Refusal | undefined
  readonly onAllow: (account: object) => Promise<void>
  readonly onBack: () => void
}

export function Consent({ institution, refusal, onAllow, onBack }: ConsentProps) {
  const [chosen, setChosen] = useState<AccountType>('checking')
  const [isBusy, run] = useBusy()
  return (
    <>
      <h2>Connect {institution.name}</h2>
      <p>
        The shop will see the account holder’s name, the account number and the routing number. It can collect the
        payment that you approve.
      </p>
      <fieldset>
        <legend>Account</legend>
        {institution.accounts.map(({ type, last_four }) => (
          <label key={type} className="choice">
            <input type="radio" name="account" checked={chosen === type} onChange={() => setChosen(type)} />
            <span>{type === 'checking' ? 'Checking' : 'Savings'}</span>
            <span className="number">···· {last_four}</span>
          </label>
        ))}
      </fieldset>
      <Problem refusal={refusal} />
      <div className="actions">
        <button type="button" className="quiet" onClick={onBack}>
          Back
        </button>
        <button
          type="button"
          className="primary"
          aria-disabled={isBusy}
          onClick={() => run(() => onAllow({ institution_id: institution.id, account_type: chosen }))}
        >
          {isBusy ? 'Connecting…' : 'Allow and connect'}
        </button>
      </div>
    </>
  )
}
