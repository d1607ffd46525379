import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a customer. */
export function CreateCustomer({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const create = async () => {
    await hallpass.admin.customers.upsert({ id: crypto.randomUUID(), name, status: 'verified' })
    setName('')
    onMade()
  }
  return (
    <CreateForm title="Add a customer" verb="Add" create={create}>
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
    </CreateForm>
  )
}
