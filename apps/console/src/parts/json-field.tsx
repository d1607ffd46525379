import { Field } from './fields.js'

interface Props {
  readonly label: string
  readonly text: string
  /** Whether the text is a JSON object. */
  readonly isJson: boolean
  readonly example: string
  readonly hint?: string
  /** Its name in the API, if it shows what the server finds wrong with it. */
  readonly name?: string
  /** The height in lines. */
  readonly rows?: number
  readonly onChange: (text: string) => void
}

/** A JSON object as text. */
export function JsonField({ label, text, isJson, example, hint, name, rows, onChange }: Props) {
  const fault = isJson ? undefined : `${label} must be a JSON object such as ${example}.`
  return (
    <Field label={label} hint={hint} name={name} fault={fault} isWide>
      {(names) => (
        <textarea
          {...names}
          className="input"
          rows={rows}
          spellCheck={false}
          placeholder={example}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  )
}
