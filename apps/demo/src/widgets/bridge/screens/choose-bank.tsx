import type { Institution } from '../../../shared/bridge-api.js'

interface ChooseBankProps {
  readonly institutions: readonly Institution[]
  readonly onChoose: (institution: Institution) => void
  /** Absent if the page doesn't allow manual entry. */
  readonly onManualEntry?: () => void
}

export function ChooseBank({ institutions, onChoose, onManualEntry }: ChooseBankProps) {
  return (
    <>
      <h2>Choose your bank</h2>
      <ul className="banks">
        {institutions.map((institution) => (
          <li key={institution.id}>
            <button type="button" className="bank" onClick={() => onChoose(institution)}>
              <span className="bank-mark" aria-hidden="true">
                {institution.name.slice(0, 1)}
              </span>
              {institution.name}
            </button>
          </li>
        ))}
      </ul>
      {onManualEntry && (
        <button type="button" className="quiet" onClick={onManualEntry}>
          Enter account details manually
        </button>
      )}
    </>
  )
}
