import { type FormEvent, useState } from 'react'
import { Choices } from '../../stage/choices.js'
import { useHallpass } from '../console-client.js'
import { Confirm } from '../parts/confirm.js'
import { formatTime } from '../parts/format-time.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'

const targets = {
  'a user': 'user_id',
  'a visitor': 'visitor_id',
  'one session': 'session_id',
  'a client key': 'client_key_id',
  'the whole account': 'account',
} as const

type Target = keyof typeof targets

const names = Object.keys(targets) as Target[]

/** Ends sessions: of one person, one page, or everybody. */
export function SessionsSection() {
  const hallpass = useHallpass()
  const [target, setTarget] = useState<Target>('a user')
  const [id, setId] = useState('')
  const [done, setDone] = useState<string>()
  const { isBusy, problem, run } = useAction()
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
          ? `The session ${subject} has ended.`
          : `Every session and visitor token of ${target} from before ${formatTime(revoked_at)} has ended.`,
      )
    })
  }
  return (
    <>
      <p className="quiet">What began before now ends, on every replica, within a second. Signing in again works.</p>
      <form className="panel" onSubmit={submit}>
        <Choices label="Sign out" options={names} value={target} onChange={setTarget} />
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
          End the sessions of {target}
        </button>
        <p role="status">{done}</p>
      </form>
      {isAsking && (
        <Confirm
          title="End every session of the account?"
          action="End them all"
          onConfirm={revoke}
          onClose={() => setAsking(false)}
        >
          Every visitor of every widget is signed out at once.
        </Confirm>
      )}
    </>
  )
}
