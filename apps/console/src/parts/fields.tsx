import { type ReactNode, useId } from 'react'
import { useIssue } from './issues.js'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  /** Its name in the API, if it shows what the server finds wrong with it. */
  readonly name?: string
}

interface TextFieldProps extends FieldProps {
  readonly placeholder?: string
  readonly isRequired?: boolean
  /** Whether it takes the whole width of its form. */
  readonly isWide?: boolean
}

/** A line of text with its label. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, hint, name, placeholder, isRequired, isWide } = props
  return (
    <Field label={label} hint={hint} name={name} isWide={isWide}>
      {(names) => (
        <input
          {...names}
          className="input"
          required={isRequired}
          placeholder={placeholder}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  )
}

interface NumberFieldProps extends FieldProps {
  readonly max: number
  readonly min?: number
  readonly placeholder?: string
  readonly isRequired?: boolean
}

/** A whole number with its label. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, hint, name, min = 0, max, placeholder, isRequired } = props
  return (
    <Field label={label} hint={hint} name={name}>
      {(names) => (
        <input
          {...names}
          className="input"
          type="number"
          min={min}
          max={max}
          required={isRequired}
          placeholder={placeholder}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  )
}

interface SelectFieldProps<T extends string> {
  readonly label: string
  /** The label of each value. */
  readonly options: Readonly<Record<T, string>>
  readonly value: T
  readonly onChange: (value: T) => void
  readonly hint?: string
  readonly name?: string
  readonly isDisabled?: boolean
}

/** A choice of a few values with its label. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, options, value, onChange, hint, name, isDisabled } = props
  return (
    <Field label={label} hint={hint} name={name}>
      {(names) => (
        <select
          {...names}
          className="input"
          disabled={isDisabled}
          value={value}
          // the select offers only these options
          onChange={({ target }) => onChange(target.value as T)}
        >
          {Object.entries<string>(options).map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface FieldFrameProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly name?: string | undefined
  /** What is wrong with the value, before the server sees it. */
  readonly fault?: string | undefined
  readonly isWide?: boolean | undefined
  readonly children: (attributes: ControlAttributes) => ReactNode
}

interface ControlAttributes {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': boolean
}

/** A label above its control. A hint describes the control, and isn’t a part of its name. */
export function Field({ label, hint, name, fault, isWide = false, children }: FieldFrameProps) {
  const id = useId()
  const issue = useIssue(name)
  const text = fault ?? issue ?? hint
  const describedBy = text === undefined ? undefined : `${id}-hint`
  return (
    <div className={isWide ? 'field settings-wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': (fault ?? issue) !== undefined })}
      {/* the form reads out the issues all at once */}
      {describedBy && (
        <small id={describedBy} role={fault === undefined ? undefined : 'alert'}>
          {text}
        </small>
      )}
    </div>
  )
}
