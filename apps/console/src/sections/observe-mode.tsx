import type { ClientKeyPatch } from '@hallpass/contracts'
import { useCallback, useEffect, useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass, useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'
import type { Trial } from './origin-traffic.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
  /** Allows an origin and reloads the keys. */
  readonly onAllow: (origin: string) => Promise<boolean>
}

const dayMilliseconds = 24 * 3_600_000
const inADay = () => new Date(Date.now() + dayMilliseconds).toISOString()

/** Turns observe mode on and off, and lists the origins that it has seen. */
export function ObserveMode({ clientKey, isBusy, onChange, onAllow }: Props) {
  const { name, observe_until: until } = clientKey
  const canChange = useHolds('admin')
  if (until === undefined) {
    if (!canChange) return null
    return (
      <div className="actions">
        <ConfirmedButton
          look="quiet"
          action="Observe for 24 hours"
          of={name}
          title={`Let any https page use “${name || 'unnamed'}” for 24 hours?`}
          isBusy={isBusy}
          onConfirm={() => onChange({ observe_until: inADay() })}
        >
          Pages of origins that are not allowed get sessions marked <code>origin_unlisted</code>. When observe mode
          ends, sessions of origins that you have not allowed end too.
        </ConfirmedButton>
      </div>
    )
  }
  return (
    <div>
      <h3 className="eyebrow">Observe mode</h3>
      <p>On until {formatTime(until)}. Sessions of origins that are not allowed are marked, and end with it.</p>
      <ObservedOrigins clientKey={clientKey} isBusy={isBusy} onAllow={canChange ? onAllow : undefined} />
      {canChange && (
        <ConfirmedButton
          action="End observe mode"
          of={name}
          title="End observe mode?"
          isBusy={isBusy}
          onConfirm={() => onChange({ observe_until: null })}
        >
          Every session of an origin that you have not allowed ends now.
        </ConfirmedButton>
      )}
    </div>
  )
}

interface ObservedProps {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onAllow: Props['onAllow'] | undefined
}

function ObservedOrigins({ clientKey, isBusy, onAllow }: ObservedProps) {
  const hallpass = useHallpass()
  const [seen, setSeen] = useState<Trial['unlisted_origins']>()
  const { problem, run } = useAction()
  const { id, origin_allowlist: list } = clientKey
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the list changes what is allowed
  const load = useCallback(
    () => run(async () => setSeen((await hallpass.admin.clientKeys.try({ client_key_id: id })).unlisted_origins)),
    [hallpass, id, list],
  )
  useEffect(() => void load(), [load])
  const open = seen?.filter((one) => !one.would_be_allowed)
  return (
    <>
      <Problem error={problem} />
      {open?.length === 0 && <p className="quiet">No origins to decide about.</p>}
      <ul aria-label={`Observed origins of ${clientKey.name}`}>
        {open?.map(({ origin, seen_at }) => (
          <li key={origin}>
            <code>{origin}</code> <span className="quiet small">since {formatTime(seen_at)}</span>{' '}
            {onAllow && (
              <SmallButton of={`observed ${origin}`} isBusy={isBusy} onClick={() => onAllow(origin)}>
                Allow
              </SmallButton>
            )}
          </li>
        ))}
      </ul>
      <SmallButton onClick={load}>Look again</SmallButton>
    </>
  )
}
