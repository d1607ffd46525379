import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { useHallpass } from '../console-client.js'
import { ConfirmedButton } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import './signing-keys-section.css'

type SigningKey = OutputOf<Operations['admin.signingKeys.list']>['data'][number]

const stories: Readonly<Record<SigningKey['state'], (key: SigningKey) => string>> = {
  announced: ({ activates_at }) =>
    `Published, so that every verifier knows it. Signs from ${formatTime(activates_at)}.`,
  active: ({ activates_at }) => `Signs every token since ${formatTime(activates_at)}.`,
  retiring: () => 'Signs nothing any more. Stays published until the last token it signed has expired.',
}

/** Signing keys along their life: announced, active, retiring. */
export function SigningKeysSection() {
  const hallpass = useHallpass()
  const list = useList<SigningKey>(useCallback(() => hallpass.admin.signingKeys.list({}), [hallpass]))
  const { isBusy, problem, run } = useAction()
  const rotate = () =>
    run(async () => {
      await hallpass.admin.signingKeys.rotate({})
      await list.again()
    })
  const revoke = (kid: string) =>
    run(async () => {
      await hallpass.admin.signingKeys.revoke({ kid })
      await list.again()
    })
  return (
    <>
      <p className="quiet">
        The keys of the whole server. A new one is announced before it signs, so no token is ever refused for its key.
      </p>
      <Problem error={list.problem ?? problem} />
      <ol className="timeline">
        {list.items?.map((key) => (
          <li key={key.kid} data-state={key.state}>
            <div>
              <p>
                <b className="timeline-state">{key.state}</b> <code>{key.kid.slice(0, 12)}…</code> {key.alg}
              </p>
              <p className="quiet small">{stories[key.state](key)}</p>
            </div>
            <ConfirmedButton
              action="Revoke"
              of={`the ${key.state} key`}
              title={`Revoke the ${key.state} key?`}
              isBusy={isBusy}
              onConfirm={() => revoke(key.kid)}
            >
              Every token that it has signed stops being valid at once, on every replica. There is no way back.
            </ConfirmedButton>
          </li>
        ))}
      </ol>
      <div className="actions">
        <button type="button" className="button" aria-disabled={isBusy} onClick={rotate}>
          Announce the next key
        </button>
      </div>
      <p className="quiet small">
        Revoking is for a key that leaked: every token that it signed stops being valid at once.
      </p>
    </>
  )
}
