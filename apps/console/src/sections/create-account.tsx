import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a child account. */
export function CreateAccount({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [tenant, setTenant] = useState('')
  const create = async () => {
    await hallpass.admin.accounts.create({ name, tenant })
    setName('')
    setTenant('')
    onMade()
  }
  return (
    <CreateForm title="Create a child account" verb="Create" create={create}>
      <label className="field">
        <span>Name</span>
        <input className="input" maxLength={200} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        <span>Tenant label</span>
        <input
          className="input"
          required
          maxLength={100}
          placeholder="2_4"
          value={tenant}
          onChange={({ target }) => setTenant(target.value)}
        />
        <small>Card widgets show it to tell accounts apart. No other account under the same root may have it.</small>
      </label>
    </CreateForm>
  )
}
