import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { TextField } from '../parts/fields.js'
import { useHallpass } from '../session/session.js'

/** A form that adds a customer. */
export function CreateCustomer({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [id, setId] = useState('')
  const create = async () => {
    await hallpass.admin.customers.upsert({ id: id.trim() || crypto.randomUUID(), name, status: 'verified' })
    setName('')
    setId('')
    onMade()
  }
  return (
    <CreateForm title="Add a customer" verb="Add" create={create}>
      <TextField label="Name" isRequired value={name} onChange={setName} />
      <TextField
        label="Customer id"
        hint="The UUID of the customer in your system. If empty, the console chooses one."
        value={id}
        onChange={setId}
      />
    </CreateForm>
  )
}
