import { recordCall } from '../../shared/record-call.js'
import type { Flow } from '../flow/flow.js'

const operations: Readonly<Record<string, string>> = {
  '/api/v1/widget/auth/guest': 'visitor.guest',
  '/api/v1/widget/auth/exchange': 'visitor.exchange',
  '/api/v1/widget/auth/refresh': 'visitor.refresh',
  '/api/v1/widget/auth/embed-ticket': 'visitor.embedTicket',
  '/api/v1/widget/config': 'visitor.config',
}

/** A fetch for the client library that shows in a flow what the page asks Hallpass. */
export function recordingFetch(flow: Flow): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const asked = { url, init, operation: operations[new URL(url).pathname] }
    return recordCall({ from: 'browser', to: 'hallpass' }, asked, (call) => flow.add(call))
  }
}
