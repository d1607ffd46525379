import { type FormEvent, useState } from 'react'
import { Confirm } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass, useHolds } from '../session/session.js'
import { Choices } from '../ui/choices.js'

const targets = {
  User: 'user_id',
  Visitor: 'visitor_id',
  Session: 'session_id',
  'Client key': 'client_key_id',
  Account: 'account',
} as const

type Target = keyof typeof targets

const names = Object.keys(targets) as Target[]

/** Ends one session, or all sessions of a user, a visitor, a client key or the account. */
export function SessionsSection() {
  const hallpass = useHallpass()
  const [target, setTarget] = useState<Target>('User')
  const [id, setId] = useState('')
  const [done, setDone] = useState<string>()
  const { isBusy, problem, run } = useAction()
  const canChange = useHolds('admin')
  const field = targets[target]
  const [isAsking, setAsking] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (field === 'account') setAsking(true)
    else revoke()
  }
  const revoke = () => {
    setDone(undefined)
    run(async () => {
      const input = field === 'account' ? { account: true as const } : { [field]: id }
      const { revoked_at, scope, subject } = await hallpass.admin.sessions.revoke(input)
      setDone(
        scope === 'session'
          ? `Session ${subject} has ended.`
          : `All sessions and visitor tokens of this ${target.toLowerCase()} from before ${formatTime(revoked_at)} have ended.`,
      )
    })
  }
  return (
    <>
      <p className="quiet">
        Ends the sessions that have started so far, on every replica, within a second. People can sign in again.
      </p>
      {canChange && (
        <form className="panel" onSubmit={submit}>
          <Choices label="End sessions of" options={names} value={target} onChange={setTarget} />
          {field !== 'account' && (
            <label className="field">
              <span>
                <code>{field}</code>
              </span>
              <input className="input" required value={id} onChange={(event) => setId(event.target.value)} />
            </label>
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
          title="End all sessions of the account?"
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
