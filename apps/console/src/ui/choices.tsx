import { useId } from 'react'

interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** Radio buttons that look like a segmented control. */
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
