import { useId } from 'react'

interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** One of a few: radio buttons that look like a switch. */
export function Choices<T extends string>({ label, options, value, onChange }: Props<T>) {
  const name = useId()
  return (
    <fieldset className="choice-set">
      <legend className="eyebrow">{label}</legend>
      <div className="choices">
        {options.map((option) => (
          <label key={option} className="choice">
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            <span>{option}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
