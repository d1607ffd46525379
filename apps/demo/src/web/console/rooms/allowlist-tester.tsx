import { useState } from 'react'
import { judgeOrigin } from './judge-origin.js'

/** Would a page be let in, and why? */
export function AllowlistTester({ entries }: { readonly entries: readonly string[] }) {
  const [origin, setOrigin] = useState('')
  const judgement = origin === '' ? undefined : judgeOrigin(entries, origin)
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
      <p role="status" className="tester-answer" data-kind={judgement?.isAllowed ? 'good' : 'bad'}>
        {judgement && (
          <>
            <b>{judgement.isAllowed ? 'Yes.' : 'No.'}</b> {judgement.why}
          </>
        )}
      </p>
    </div>
  )
}
