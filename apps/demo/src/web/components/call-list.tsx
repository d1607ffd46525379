import type { Actor, Call } from '../../shared/backend-api.js'

const actorNames: Readonly<Record<Actor, string>> = {
  browser: 'Browser',
  backend: 'Shop backend',
  widget: 'Widget',
  'widget-host': 'Widget host',
  processor: 'Processor',
  hallpass: 'Hallpass',
}

/** Who called whom, how, and what came back. */
export function CallList({ calls }: { readonly calls: readonly Call[] }) {
  return (
    <ol className="calls" aria-label="Requests">
      {calls.map((call) => (
        <li key={`${call.from} ${call.path}`} className="call">
          <span className="call-actors">
            {actorNames[call.from]} <span aria-hidden="true">→</span>
            <span className="visually-hidden">to</span> {actorNames[call.to]}
          </span>
          <code className="call-target">
            <b>{call.method}</b> {call.path}
          </code>
          <span className="call-result">
            <span className="status" data-kind={statusKind(call)}>
              {call.status ?? 'no answer'}
            </span>
            <span className="call-time">{call.milliseconds} ms</span>
          </span>
        </li>
      ))}
    </ol>
  )
}

const statusKind = ({ status }: Call) => (status !== undefined && status < 400 ? 'good' : 'bad')
