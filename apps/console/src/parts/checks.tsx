interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly chosen: readonly T[]
  readonly onChange: (chosen: readonly T[]) => void
  readonly isDisabled?: (option: T) => boolean
}

/** Checkboxes for names of the API, of which any number can be chosen. */
export function Checks<T extends string>({ label, options, chosen, onChange, isDisabled }: Props<T>) {
  return (
    <fieldset className="checks settings-wide">
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
    </fieldset>
  )
}
