import { useId } from 'react'
import { useIssue } from './issues.js'

interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly chosen: readonly T[]
  readonly onChange: (chosen: readonly T[]) => void
  /** Its name in the API, if it shows what the server finds wrong with it. */
  readonly name?: string
  readonly isDisabled?: (option: T) => boolean
}

/** Checkboxes for names of the API, of which any number can be chosen. */
export function Checks<T extends string>({ label, options, chosen, onChange, name, isDisabled }: Props<T>) {
  const id = useId()
  const issue = useIssue(name)
  return (
    <fieldset className="checks settings-wide" aria-describedby={issue && id}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option}>
          <input
            type="checkbox"
            disabled={isDisabled?.(option)}
            checked={chosen.includes(option)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, option] : chosen.filter((other) => other !== option))
            }
          />
          <code>{option}</code>
        </label>
      ))}
      {issue && <small id={id}>{issue}</small>}
    </fieldset>
  )
}
