import { type FormEvent, useState } from 'react'
import type { ClientKey } from '../types.js'
import './allowlist.css'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (entries: readonly string[]) => Promise<boolean>
}

/** The origins that a client key lets in. */
export function Allowlist({ clientKey, isBusy, onChange }: Props) {
  const { origin_allowlist: entries, name } = clientKey
  const [entry, setEntry] = useState('')
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await onChange([...entries, entry])) setEntry('')
  }
  return (
    <div className="allowlist">
      <h4 className="eyebrow">Lets in</h4>
      {entries.length === 0 && <p className="quiet">Nobody: an empty list lets nobody in.</p>}
      <ul>
        {entries.map((known) => (
          <li key={known} className="chip">
            <code>{known}</code>
            <button
              type="button"
              aria-label={`Take ${known} off the list of ${name}`}
              onClick={() => !isBusy && onChange(entries.filter((other) => other !== known))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <form className="inline-form" onSubmit={add}>
        <label className="field">
          <span className="visually-hidden">An origin to let in, for {name}</span>
          <input
            className="input"
            required
            placeholder="https://shop.example or *.shop.example"
            value={entry}
            onChange={(event) => setEntry(event.target.value)}
          />
        </label>
        <button type="submit" className="button" data-look="quiet" aria-disabled={isBusy}>
          Let it in
        </button>
      </form>
    </div>
  )
}
