import type { Operations, OutputOf } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { Table } from '../parts/table.js'
import { useHallpass } from '../session/session.js'
import type { ClientKey } from '../types.js'

export type Trial = OutputOf<Operations['admin.clientKeys.try']>

interface Props {
  readonly clientKey: ClientKey
  /** Undefined for a key that can only read. */
  readonly onAdd: ((origin: string) => void) | undefined
}

/** The origins of the last 24 hours, loaded when it is opened. */
export function OriginTraffic({ clientKey, onAdd }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Calls of the last 24 hours by origin</summary>
      {isOpen && <Origins clientKey={clientKey} onAdd={onAdd} />}
    </details>
  )
}

function Origins({ clientKey, onAdd }: Props) {
  const hallpass = useHallpass()
  const [trial, setTrial] = useState<Trial>()
  const [problem, setProblem] = useState<unknown>()
  const { id, origin_allowlist: list } = clientKey
  useEffect(() => {
    const leaving = new AbortController()
    const input = { client_key_id: id, origin_allowlist: [...list] }
    hallpass.admin.clientKeys.try(input, { signal: leaving.signal }).then(
      (value) => {
        setTrial(value)
        setProblem(undefined)
      },
      (error) => !leaving.signal.aborted && setProblem(error),
    )
    return () => leaving.abort()
  }, [hallpass, id, list])
  if (problem !== undefined) return <Problem error={problem} />
  if (!trial) return <p role="status">Loading…</p>
  if (trial.origins.length === 0 && trial.other_calls === 0) return <p className="quiet">No calls.</p>
  return (
    <>
      <Table
        caption={`Calls of ${clientKey.name} by origin`}
        items={trial.origins}
        keyOf={({ origin }) => origin}
        columns={[
          { head: 'Origin', cell: ({ origin }) => <code>{origin}</code> },
          { head: 'Allowed', cell: ({ allowed_calls }) => allowed_calls.toLocaleString('en') },
          { head: 'Refused', cell: ({ refused_calls }) => refused_calls.toLocaleString('en') },
          {
            head: 'Now',
            cell: ({ origin, would_be_allowed }) =>
              would_be_allowed || !onAdd ? (
                <span className="status" data-kind={would_be_allowed ? 'good' : 'bad'}>
                  {would_be_allowed ? 'allowed' : 'refused'}
                </span>
              ) : (
                <SmallButton of={origin} onClick={() => onAdd(origin)}>
                  Allow
                </SmallButton>
              ),
          },
        ]}
      />
      {trial.other_calls > 0 && (
        <p className="quiet small">
          And {trial.other_calls.toLocaleString('en')} calls of further origins, which are not counted separately.
        </p>
      )}
    </>
  )
}
