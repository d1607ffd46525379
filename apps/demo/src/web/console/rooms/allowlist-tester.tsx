import { explainOrigin, parseAllowlistEntry } from '@hallpass/contracts'
import { useState } from 'react'

/** Would a page be let in, and why? Decided by the rule that the server itself uses. */
export function AllowlistTester({ entries }: { readonly entries: readonly string[] }) {
  const [origin, setOrigin] = useState('')
  const rules = entries.flatMap((entry) => parseAllowlistEntry(entry) ?? [])
  const verdict = origin === '' ? undefined : explainOrigin(rules, origin)
  return (
    <div className="tester">
      <label className="field">
        <span>Would this page be let in?</span>
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
    </div>
  )
}
