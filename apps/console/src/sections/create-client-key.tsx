import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a client key. */
export function CreateClientKey({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [entry, setEntry] = useState('')
  const create = async () => {
    const agent = { id: `agent_${crypto.randomUUID().slice(0, 8)}`, display_name: name }
    await hallpass.admin.clientKeys.create({ name, origin_allowlist: [entry], agent })
    setName('')
    setEntry('')
    onMade()
  }
  return (
    <CreateForm title="Create a client key" verb="Create" create={create}>
      <label className="field">
        <span>Name</span>
        <input
          className="input"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <small>Also the display name of the agent.</small>
      </label>
      <label className="field">
        <span>First allowed origin</span>
        <input
          className="input"
          required
          placeholder="https://shop.example"
          value={entry}
          onChange={(event) => setEntry(event.target.value)}
        />
      </label>
    </CreateForm>
  )
}
