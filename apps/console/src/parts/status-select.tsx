interface Props<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  /** Shows the status only. */
  readonly isReadOnly: boolean
  readonly onChange: (value: T) => void
}

/** A status in a table row, which can be changed there. */
export function StatusSelect<T extends string>({ label, value, options, isReadOnly, onChange }: Props<T>) {
  if (isReadOnly) return <span className="status">{value}</span>
  return (
    <select
      className="input"
      data-size="small"
      aria-label={label}
      value={value}
      // the select offers only these options
      onChange={(event) => onChange(event.target.value as T)}
    >
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  )
}
