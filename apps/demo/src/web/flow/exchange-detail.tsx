import { Tabs } from '../stage/tabs.js'
import { findTokens } from '../tokens/find-tokens.js'
import { TokenPass } from '../tokens/token-pass.js'
import { CopyAs } from './copy-as/copy-as.js'
import { type Exchange, isCall, lanes, type ShownCall } from './exchange.js'
import { PartView } from './part-view.js'

/** The details of one arrow: request, response, the tokens they contain, and how to send the request yourself. */
export function ExchangeDetail({ exchange }: { readonly exchange: Exchange }) {
  if (!isCall(exchange)) {
    return (
      <div className="detail">
        <Tabs
          label="Message"
          tabs={[
            { name: 'Message', content: <PartView body={exchange.body ?? exchange.type} /> },
            ...tokenTabs([exchange.body]),
          ]}
        />
      </div>
    )
  }
  return (
    <div className="detail">
      <p className="detail-who small quiet">
        {lanes[exchange.from].name} to {lanes[exchange.to].name} at {new Date(exchange.startedAt).toLocaleTimeString()},{' '}
        {exchange.milliseconds} ms
      </p>
      <Tabs label="Call" tabs={tabsOf(exchange)} />
    </div>
  )
}

function tabsOf(call: ShownCall) {
  const { method, path, status, request, response } = call
  return [
    { name: 'Response', content: response ? <PartView line={`HTTP ${status}`} {...response} /> : <p>No response.</p> },
    ...tokenTabs([response?.body, request.body]),
    { name: 'Request', content: <PartView line={`${method} ${path}`} {...request} /> },
    ...(call.operation === undefined ? [] : [{ name: 'Copy', content: <CopyAs call={call} /> }]),
  ]
}

function tokenTabs(bodies: readonly unknown[]) {
  const tokens = bodies.flatMap(findTokens)
  if (tokens.length === 0) return []
  return [
    {
      name: tokens.length === 1 ? 'Token' : 'Tokens',
      content: tokens.map((token) => <TokenPass key={token.raw} token={token} />),
    },
  ]
}
