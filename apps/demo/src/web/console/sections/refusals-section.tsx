import type { Operations, OutputOf } from '@hallpass/contracts'
import { type FormEvent, useCallback, useState } from 'react'
import { useHallpass } from '../console-client.js'
import { formatTime } from '../parts/format-time.js'
import { More } from '../parts/more.js'
import { Problem } from '../parts/problem.js'
import { useList } from '../parts/use-list.js'
import './refusals-section.css'

type Refusal = OutputOf<Operations['admin.refusals.list']>['data'][number]

/** Why was I refused? The last day's refusals, and the search for one by its Request-Id. */
export function RefusalsSection() {
  const hallpass = useHallpass()
  const [requestId, setRequestId] = useState('')
  const ask = useCallback(
    async (cursor: string | undefined) =>
      requestId === ''
        ? hallpass.admin.refusals.list({ cursor })
        : { ...(await hallpass.admin.refusals.get({ request_id: requestId })), next_cursor: undefined },
    [hallpass, requestId],
  )
  const list = useList<Refusal>(ask)
  return (
    <>
      <p className="quiet">
        An answer tells everyone the same, so that it helps no attacker. Here stands what it was. Kept for a day.
      </p>
      <Search onSearch={setRequestId} />
      <Problem error={list.problem} />
      {list.items?.length === 0 && <p className="quiet">Nothing was refused.</p>}
      <ul className="refusals">
        {list.items?.map((refusal) => (
          <RefusalCard key={refusal.id} refusal={refusal} />
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

/** Asks for one request, or with nothing for all of them. */
function Search({ onSearch }: { readonly onSearch: (requestId: string) => void }) {
  const [written, setWritten] = useState('')
  const search = (event: FormEvent) => {
    event.preventDefault()
    onSearch(written.trim())
  }
  return (
    <form className="inline-form" onSubmit={search}>
      <label className="field">
        <span>
          Why was this request refused? Its <code>Request-Id</code>:
        </span>
        <input
          className="input"
          spellCheck={false}
          placeholder="Empty: all of them"
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
      </label>
      <button type="submit" className="button" data-look="quiet">
        Ask
      </button>
    </form>
  )
}

function RefusalCard({ refusal }: { readonly refusal: Refusal }) {
  const { at, operation, reason, status, rule, seen, fix, request_id } = refusal
  return (
    <li className="refusal">
      <header>
        <span className="status" data-kind="bad">
          {status}
        </span>
        <b>{reason}</b>
        <code>{operation ?? 'no operation'}</code>
        <time className="quiet small" dateTime={at}>
          {formatTime(at)}
        </time>
      </header>
      <dl>
        <dt>Demanded</dt>
        <dd>{rule}</dd>
        {seen !== null && (
          <>
            <dt>Came</dt>
            <dd>{seen}</dd>
          </>
        )}
        <dt>To do</dt>
        <dd>{fix}</dd>
        <dt>Request</dt>
        <dd>
          <code>{request_id}</code>
        </dd>
      </dl>
    </li>
  )
}
