import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { ListState } from '../parts/list-state.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds } from '../session/session.js'
import './signing-keys-section.css'

type SigningKey = OutputOf<Operations['admin.signingKeys.list']>['data'][number]

const descriptions: Readonly<Record<SigningKey['state'], (key: SigningKey) => string>> = {
  announced: ({ activates_at }) => `Published for verifiers to load. Signs tokens from ${formatTime(activates_at)}.`,
  active: ({ activates_at }) => `Has signed tokens since ${formatTime(activates_at)}.`,
  retiring: () => 'No longer signs tokens. Stays published until the last token it signed expires.',
}

/** The server's signing keys, for keys that may manage the server. */
export function SigningKeysSection() {
  if (useHolds('host')) return <SigningKeys />
  return (
    <p className="note">
      Signing keys belong to the whole server. To see and rotate them, sign in with a key that has the scope{' '}
      <code>host</code>, or run <code>hallpass signing-keys list</code> on the server’s host.
    </p>
  )
}

/** The signing keys by state: announced, active, retiring. */
function SigningKeys() {
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
        All accounts share these keys. A new key is announced before it signs, so verifiers know it in time.
      </p>
      <Problem error={problem} />
      <ListState list={list} empty="No signing keys." />
      <ol className="timeline">
        {list.items?.map((key) => (
          <li key={key.kid} data-state={key.state}>
            <div>
              <p>
                <b className="timeline-state">{key.state}</b> <code>{key.kid.slice(0, 12)}…</code> {key.alg}
              </p>
              <p className="quiet small">{descriptions[key.state](key)}</p>
            </div>
            <ConfirmedButton
              action="Revoke"
              of={`the ${key.state} key`}
              title={`Revoke the ${key.state} key?`}
              isBusy={isBusy}
              onConfirm={() => revoke(key.kid)}
            >
              Every token that this key signed becomes invalid immediately, on every replica. You can’t undo this.
            </ConfirmedButton>
          </li>
        ))}
      </ol>
      <div className="actions">
        <button type="button" className="button" aria-disabled={isBusy} onClick={rotate}>
          Announce next key
        </button>
      </div>
      <p className="quiet small">
        Revoke a key only if it leaked: every token that it signed becomes invalid immediately.
      </p>
    </>
  )
}
