import { type Exchange, isCall, isRefused, type Lane, lanes as laneFacts } from './exchange.js'
import { ExchangeDetail } from './exchange-detail.js'

interface Props {
  readonly exchange: Exchange
  readonly lanes: readonly Lane[]
  readonly open: boolean
  readonly onToggle: () => void
}

/** One arrow of the diagram, which expands to show its details. */
export function FlowRow({ exchange, lanes, open, onToggle }: Props) {
  const { from, to } = exchange
  const start = lanes.indexOf(from)
  const end = lanes.indexOf(to)
  return (
    <li className="flow-row" data-refused={isRefused(exchange)} data-kind={isCall(exchange) ? 'call' : 'message'}>
      <button type="button" className="flow-step" aria-expanded={open} onClick={onToggle}>
        <span className="flow-what" style={{ '--middle': (start + end + 1) / 2 }}>
          <span className="visually-hidden">
            {laneFacts[from].name} to {laneFacts[to].name}:{' '}
          </span>
          <code>{titleOf(exchange)}</code>
          <StatusChip exchange={exchange} />
          {isCall(exchange) && <span className="flow-time">{exchange.milliseconds} ms</span>}
        </span>
        <span
          className="flow-arrow"
          aria-hidden="true"
          data-lane={from}
          data-direction={start < end ? 'right' : 'left'}
          style={{ '--start': Math.min(start, end), '--span': Math.abs(end - start) }}
        />
      </button>
      {open && <ExchangeDetail exchange={exchange} />}
    </li>
  )
}

function StatusChip({ exchange }: { readonly exchange: Exchange }) {
  if (!isCall(exchange)) {
    return (
      <span className="status" data-kind="quiet">
        message
      </span>
    )
  }
  return (
    <span className="status" data-kind={isRefused(exchange) ? 'bad' : 'good'}>
      {exchange.status ?? 'no response'}
    </span>
  )
}

/** The operation of a call to Hallpass, the type of a message, or the method and path of any other call. */
function titleOf(exchange: Exchange): string {
  if (!isCall(exchange)) return exchange.type.split('/').at(-1) ?? exchange.type
  if (exchange.operation !== undefined) return exchange.operation
  const [path = ''] = exchange.path.split('?')
  return `${exchange.method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, (id) => `${id.slice(0, 4)}…`)}`
}
