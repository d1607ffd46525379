import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'

interface Deps {
  readonly trustProxy: number | readonly string[] | false
  readonly log: Pick<Logger, 'warn'>
}

/** Warns once if a proxy forwards requests although none is trusted: all its callers then share one limit. */
export function forwardingNotice({ trustProxy, log }: Deps): (request: { readonly raw: IncomingMessage }) => void {
  let isDone = trustProxy !== false
  return ({ raw: { headers } }) => {
    if (isDone || (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined)) return
    isDone = true
    log.warn(
      'A request has X-Forwarded-For, but no proxy is trusted, so all callers behind a proxy share one limit. Set HALLPASS_TRUST_PROXY to the number of proxies in front of the server.',
    )
  }
}
