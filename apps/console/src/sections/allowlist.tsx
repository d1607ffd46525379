import { type FormEvent, useState } from 'react'
import { Confirm } from '../parts/confirm.js'
import { useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'
import { OriginTraffic } from './origin-traffic.js'
import { useTrial } from './use-trial.js'
import './allowlist.css'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (entries: readonly string[]) => Promise<boolean>
  /** Adds one origin, and keeps what others change meanwhile. */
  readonly onAllow: (origin: string) => Promise<boolean>
}

/** The allowed origins of a client key, and what a change of them would have done yesterday. */
export function Allowlist({ clientKey, isBusy, onChange, onAllow }: Props) {
  const { origin_allowlist: entries, name } = clientKey
  const canChange = useHolds('admin')
  const [removing, setRemoving] = useState<string>()
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
                onClick={() => !isBusy && setRemoving(known)}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {canChange && <AddOrigin clientKey={clientKey} isBusy={isBusy} onChange={onChange} />}
      <OriginTraffic clientKey={clientKey} onAdd={canChange ? (origin) => !isBusy && onAllow(origin) : undefined} />
      {removing !== undefined && (
        <ConfirmRemoval
          clientKey={clientKey}
          entry={removing}
          onConfirm={(rest) => onChange(rest)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </div>
  )
}

function AddOrigin({ clientKey, isBusy, onChange }: Omit<Props, 'onAllow'>) {
  const { id, origin_allowlist: entries, name } = clientKey
  const [entry, setEntry] = useState('')
  const wanted = entry.trim()
  const summary = useTrial(id, wanted === '' ? undefined : [...entries, wanted])
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await onChange([...entries, wanted])) setEntry('')
  }
  return (
    <>
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
      <p role="status" aria-label="Effect on past calls" className="quiet small">
        {summary}
      </p>
    </>
  )
}

interface RemovalProps {
  readonly clientKey: ClientKey
  readonly entry: string
  readonly onConfirm: (rest: readonly string[]) => void
  readonly onClose: () => void
}

/** Says what removing an entry would have done before it is removed. */
function ConfirmRemoval({ clientKey, entry, onConfirm, onClose }: RemovalProps) {
  const rest = clientKey.origin_allowlist.filter((other) => other !== entry)
  const summary = useTrial(clientKey.id, rest)
  return (
    <Confirm title={`Remove ${entry}?`} action="Remove" onConfirm={() => onConfirm(rest)} onClose={onClose}>
      {summary ?? 'Counting the calls of the last 24 hours…'}
    </Confirm>
  )
}
