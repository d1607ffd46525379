import type { FormEvent, ReactNode } from 'react'
import { Issues } from './issues.js'
import { Problem } from './problem.js'
import { useAction } from './use-action.js'

interface CreateFormProps {
  readonly title: string
  /** The text of the button. */
  readonly verb: string
  /** Creates the record. If it rejects, the form shows why and keeps what was typed. */
  readonly create: () => Promise<void>
  readonly children: ReactNode
}

/** A form that creates a record. */
export function CreateForm({ title, verb, create, children }: CreateFormProps) {
  const { isBusy, problem, run } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run(create)
  }
  return (
    <form className="panel" onSubmit={submit}>
      <h2>{title}</h2>
      <Issues of={problem}>{children}</Issues>
      <Problem error={problem} />
      <button type="submit" className="button" aria-disabled={isBusy}>
        {verb}
      </button>
    </form>
  )
}
