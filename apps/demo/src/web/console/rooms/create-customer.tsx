import { type FormEvent, useState } from 'react'
import type { Customer } from './customers-room.js'

interface Props {
  readonly isBusy: boolean
  /** Whether it was done. */
  readonly onCreate: (customer: Customer) => Promise<boolean>
}

/** A form for a new customer. */
export function CreateCustomer({ isBusy, onCreate }: Props) {
  const [name, setName] = useState('')
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await onCreate({ id: crypto.randomUUID(), name, status: 'verified' })) setName('')
  }
  return (
    <form className="panel" onSubmit={add}>
      <h3>Add a customer</h3>
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
      <button type="submit" className="button" aria-disabled={isBusy}>
        Add
      </button>
    </form>
  )
}
