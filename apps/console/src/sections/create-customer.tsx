import { type FormEvent, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a customer. */
export function CreateCustomer({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const { isBusy, problem, run } = useAction()
  const create = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      await hallpass.admin.customers.upsert({ id: crypto.randomUUID(), name, status: 'verified' })
      setName('')
      onMade()
    })
  }
  return (
    <form className="panel" onSubmit={create}>
      <h2>Add a customer</h2>
      <label className="field">
        <span>Name</span>
        <input
          className="input"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Problem error={problem} />
      <button type="submit" className="button" aria-disabled={isBusy}>
        Add
      </button>
    </form>
  )
}
