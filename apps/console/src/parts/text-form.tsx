import { useState } from 'react'
import { CreateForm } from './create-form.js'
import { TextField } from './fields.js'

interface TextOptions {
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly isRequired?: true
}

interface Props<Name extends string> {
  readonly title: string
  /** The text of the button. */
  readonly verb: string
  /** The fields in their order, by their names in the API. */
  readonly fields: Readonly<Record<Name, TextOptions>>
  /** Gets what was typed, without spaces around it. If it rejects, the form shows why and keeps what was typed. */
  readonly create: (values: Readonly<Record<Name, string>>) => Promise<unknown>
}

/** A form that creates a record from a few lines of text. */
export function TextForm<Name extends string>({ title, verb, fields, create }: Props<Name>) {
  // Object.keys loses the type of the keys
  const names = Object.keys(fields) as Name[]
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({})
  const submit = async () => {
    const values = names.map((name) => [name, typed[name]?.trim() ?? ''] as const)
    await create(Object.fromEntries(values) as Record<Name, string>)
    setTyped({})
  }
  return (
    <CreateForm title={title} verb={verb} create={submit}>
      {names.map((name) => (
        <TextField
          key={name}
          {...fields[name]}
          name={name}
          value={typed[name] ?? ''}
          onChange={(text) => setTyped({ ...typed, [name]: text })}
        />
      ))}
    </CreateForm>
  )
}
