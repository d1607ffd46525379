import type { Operations, OutputOf } from '@hallpass/contracts'
import { type FormEvent, useState } from 'react'
import { Confirm } from '../parts/confirm.js'
import { TextField } from '../parts/fields.js'
import { formatTime } from '../parts/format-time.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass, useHolds } from '../session/session.js'
import { Choices } from '../ui/choices.js'

type Ended = OutputOf<Operations['admin.sessions.revoke']>

/** The field that names each target, and what it is. */
const targets = {
  User: { field: 'user_id', hint: 'Your id of the user.' },
  Visitor: { field: 'visitor_id', hint: 'The claim visitor_id of a session.' },
  Session: { field: 'session_id', hint: 'The claim session_id of a session.' },
  'Client key': { field: 'client_key_id', hint: 'The id of the client key, not its public name.' },
  Customer: { field: 'customer_id', hint: 'Also ends the tokens of the customer’s cards.' },
  Card: { field: 'card_id', hint: 'Ends the tokens of the card.' },
  'Secret key': { field: 'api_key_id', hint: 'Ends everything that the key minted. The key itself keeps working.' },
  Kind: { field: 'kind', hint: 'The name of a declared kind. Ends its tokens.' },
  Subject: { field: 'subject', hint: 'Ends the tokens of declared kinds with this subject.' },
  Resource: { field: 'resource', hint: 'Ends the tokens of declared kinds for this resource.' },
  Account: { field: 'account', hint: undefined },
} as const

type Target = keyof typeof targets

const names = Object.keys(targets) as Target[]

/** Ends one session, or everything that a user, a visitor, a key, a customer, a card, a declared kind or the account has started. */
export function SessionsSection() {
  const hallpass = useHallpass()
  const [target, setTarget] = useState<Target>('User')
  const [id, setId] = useState('')
  const [withChildren, setWithChildren] = useState(false)
  const [done, setDone] = useState<string>()
  const { isBusy, problem, run } = useAction()
  const canChange = useHolds('admin')
  const { field, hint } = targets[target]
  const [isAsking, setAsking] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (field === 'account') setAsking(true)
    else revoke()
  }
  const revoke = () => {
    setDone(undefined)
    run(async () => {
      const children = withChildren ? { children: true as const } : {}
      const input = field === 'account' ? { account: true as const, ...children } : { [field]: id.trim() }
      setDone(describe(await hallpass.admin.sessions.revoke(input), target))
    })
  }
  return (
    <>
      <p className="quiet">
        Ends the sessions and tokens that have started so far, on every replica, within a second. People can sign in
        again.
      </p>
      {canChange && (
        <form className="panel" onSubmit={submit}>
          <Choices label="End sessions of" options={names} value={target} onChange={setTarget} />
          {field === 'account' ? (
            <label className="check">
              <input
                type="checkbox"
                checked={withChildren}
                onChange={({ target: box }) => setWithChildren(box.checked)}
              />
              Its child accounts, too
            </label>
          ) : (
            <TextField label={field} hint={hint} isRequired value={id} onChange={setId} />
          )}
          <Problem error={problem} />
          <button type="submit" className="button" data-look="danger" aria-disabled={isBusy}>
            End sessions
          </button>
          <p role="status">{done}</p>
        </form>
      )}
      {isAsking && (
        <Confirm
          title={`End all sessions of the account${withChildren ? ' and its child accounts' : ''}?`}
          action="End all"
          onConfirm={revoke}
          onClose={() => setAsking(false)}
        >
          Every visitor of every widget is signed out immediately.
        </Confirm>
      )}
    </>
  )
}

function describe({ scope, subject, revoked_at, already_ended, accounts_ended, key_active }: Ended, target: Target) {
  if (scope === 'session') return `Session ${subject} ${already_ended ? 'had already ended' : 'has ended'}.`
  const others = accounts_ended === undefined ? '' : ` and its ${accounts_ended - 1} child accounts`
  const ended = `All sessions and tokens of this ${target.toLowerCase()}${others} from before ${formatTime(revoked_at)} have ended.`
  return key_active ? `${ended} The key is still active; disable it under Secret keys.` : ended
}
