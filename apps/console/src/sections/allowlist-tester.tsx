import type { Operations, OutputOf } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import { Problem } from '../parts/problem.js'
import { useHallpass } from '../session/session.js'

type Verdict = OutputOf<Operations['admin.clientKeys.embedPolicy']>['origin']

/** How long to wait after the last keystroke before asking the server. */
const pauseMilliseconds = 250

/** Asks Hallpass whether it would accept a page's origin, and why. */
export function AllowlistTester({ clientKeyId }: { readonly clientKeyId: string }) {
  const hallpass = useHallpass()
  const [origin, setOrigin] = useState('')
  const [verdict, setVerdict] = useState<Verdict>()
  const [problem, setProblem] = useState<unknown>()
  useEffect(() => {
    setVerdict(undefined)
    setProblem(undefined)
    if (origin === '') return
    const asking = new AbortController()
    const timer = setTimeout(() => {
      const input = { client_key_id: clientKeyId, origin }
      hallpass.admin.clientKeys.embedPolicy(input, { signal: asking.signal }).then(
        (policy) => setVerdict(policy.origin),
        (error) => !asking.signal.aborted && setProblem(error),
      )
    }, pauseMilliseconds)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [hallpass, clientKeyId, origin])
  return (
    <div className="tester">
      <label className="field">
        <span>Is this origin allowed?</span>
        <input
          className="input"
          spellCheck={false}
          placeholder="https://…"
          value={origin}
          onChange={(event) => setOrigin(event.target.value.trim())}
        />
      </label>
      <p role="status" className="tester-answer" data-kind={verdict?.allowed ? 'good' : 'bad'}>
        {verdict && (
          <>
            <b>{verdict.allowed ? 'Yes.' : 'No.'}</b> {verdict.explanation}
          </>
        )}
      </p>
      <Problem error={problem} />
    </div>
  )
}
