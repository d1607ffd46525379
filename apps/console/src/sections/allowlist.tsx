import { type FormEvent, useState } from 'react'
import { useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'
import './allowlist.css'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (entries: readonly string[]) => Promise<boolean>
}

/** The allowed origins of a client key. */
export function Allowlist({ clientKey, isBusy, onChange }: Props) {
  const { origin_allowlist: entries, name } = clientKey
  const canChange = useHolds('admin')
  const [entry, setEntry] = useState('')
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await onChange([...entries, entry])) setEntry('')
  }
  return (
    <div className="allowlist">
      <h3 className="eyebrow">Allowed origins</h3>
      {entries.length === 0 && <p className="quiet">None. Every page is rejected until you add an origin.</p>}
      <ul>
        {entries.map((known) => (
          <li key={known} className="chip">
            <code>{known}</code>
            {canChange && (
              <button
                type="button"
                aria-label={`Remove ${known} from ${name}`}
                onClick={() => !isBusy && onChange(entries.filter((other) => other !== known))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {canChange && (
        <form className="inline-form" onSubmit={add}>
          <label className="field">
            <span className="visually-hidden">Origin to add to {name}</span>
            <input
              className="input"
              required
              placeholder="https://shop.example or *.shop.example"
              value={entry}
              onChange={(event) => setEntry(event.target.value)}
            />
          </label>
          <button type="submit" className="button" data-look="quiet" aria-disabled={isBusy}>
            Add origin
          </button>
        </form>
      )}
    </div>
  )
}
