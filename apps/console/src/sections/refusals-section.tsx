import type { Operations, OutputOf } from '@hallpass/contracts'
import { useCallback } from 'react'
import { Filter, filterItems } from '../parts/filter.js'
import { formatTime } from '../parts/format-time.js'
import { ListState } from '../parts/list-state.js'
import { More } from '../parts/more.js'
import { useList } from '../parts/use-list.js'
import { useHallpass } from '../session/session.js'
import { useParameter } from '../ui/router.js'
import { FindRequest } from './find-request.js'
import './refusals-section.css'

type Refusal = OutputOf<Operations['admin.refusals.list']>['data'][number]

/** The refusals of the last 24 hours, with a filter and a search by Request-Id. Both are part of the address. */
export function RefusalsSection() {
  const hallpass = useHallpass()
  const [requestId, setRequestId] = useParameter('request')
  const [wanted, setWanted] = useParameter('q')
  const ask = useCallback(
    async (cursor: string | undefined) =>
      requestId === ''
        ? hallpass.admin.refusals.list({ cursor })
        : { ...(await hallpass.admin.refusals.get({ request_id: requestId })), next_cursor: undefined },
    [hallpass, requestId],
  )
  const list = useList<Refusal>(ask)
  const shown = filterItems(list.items, wanted, textOf)
  return (
    <>
      <p className="quiet">Error responses are deliberately vague. This page shows the actual reason, for 24 hours.</p>
      <FindRequest key={requestId} requestId={requestId} onSearch={setRequestId} />
      <Filter
        list={list}
        value={wanted}
        onChange={setWanted}
        shown={shown.length}
        what="Filter by reason, operation or key"
      />
      <ListState list={list} empty="No refusals." />
      <ul className="refusals">
        {shown.map((refusal) => (
          <RefusalCard key={refusal.id} refusal={refusal} />
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

const textOf = ({ operation, reason, status, rule, seen, request_id, api_key_id, client_key_id }: Refusal) => [
  operation,
  reason,
  String(status),
  rule,
  seen,
  request_id,
  api_key_id,
  client_key_id,
]

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
