interface Props<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  readonly onChange: (value: T) => void
}

/** A status in a row, to be changed on the spot. */
export function StatusSelect<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <select
      className="input"
      data-size="small"
      aria-label={label}
      value={value}
      // the options are all there is
      onChange={(event) => onChange(event.target.value as T)}
    >
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  )
}
