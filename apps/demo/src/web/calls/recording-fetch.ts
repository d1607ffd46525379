import { recordCall } from '../../shared/record-call.js'
import { visitorOperationAt } from '../../shared/visitor-paths.js'
import type { Flow } from '../flow/flow.js'
import { hallpassConnection } from './connections.js'

/** A `fetch` for the client library that adds the page's calls to Hallpass to a flow. */
export function recordingFetch(flow: Flow): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const asked = { url, init, operation: visitorOperationAt(new URL(url).pathname) }
    const between = { from: 'browser', to: 'hallpass' } as const
    return recordCall(between, asked, (call) => flow.add(call), hallpassConnection.fetch)
  }
}
