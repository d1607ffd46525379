import type { Operations, OutputOf } from '@hallpass/contracts'
import { type FormEvent, useCallback, useState } from 'react'
import { useHallpass } from '../console-client.js'
import { formatTime } from '../parts/format-time.js'
import { More } from '../parts/more.js'
import { Problem } from '../parts/problem.js'
import { useList } from '../parts/use-list.js'
import './refusals-section.css'

type Refusal = OutputOf<Operations['admin.refusals.list']>['data'][number]

/** The refusals of the last 24 hours, with a search by Request-Id. */
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
      <p className="quiet">Error responses are deliberately vague. This page shows the actual reason, for 24 hours.</p>
      <Search onSearch={setRequestId} />
      <Problem error={list.problem} />
      {list.items?.length === 0 && <p className="quiet">No refusals.</p>}
      <ul className="refusals">
        {list.items?.map((refusal) => (
          <RefusalCard key={refusal.id} refusal={refusal} />
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

/** Searches for one request. An empty search lists all refusals. */
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
          Find a refusal by its <code>Request-Id</code>
        </span>
        <input
          className="input"
          spellCheck={false}
          placeholder="Leave empty to list all refusals"
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
      </label>
      <button type="submit" className="button" data-look="quiet">
        Search
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
        <dt>Expected</dt>
        <dd>{rule}</dd>
        {seen !== null && (
          <>
            <dt>Received</dt>
            <dd>{seen}</dd>
          </>
        )}
        <dt>Fix</dt>
        <dd>{fix}</dd>
        <dt>Request</dt>
        <dd>
          <code>{request_id}</code>
        </dd>
      </dl>
    </li>
  )
}
