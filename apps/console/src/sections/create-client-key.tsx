import { type FormEvent, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'

/** A form that creates a client key. */
export function CreateClientKey({ onMade }: { readonly onMade: () => void }) {
  const hallpass = useHallpass()
  const [name, setName] = useState('')
  const [entry, setEntry] = useState('')
  const { isBusy, problem, run } = useAction()
  const create = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      const agent = { id: `agent_${crypto.randomUUID().slice(0, 8)}`, display_name: name }
      await hallpass.admin.clientKeys.create({ name, origin_allowlist: [entry], agent })
      setName('')
      setEntry('')
      onMade()
    })
  }
  return (
    <form className="panel" onSubmit={create}>
      <h2>Create a client key</h2>
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
      <Problem error={problem} />
      <button type="submit" className="button" aria-disabled={isBusy}>
        Create
      </button>
    </form>
  )
}
