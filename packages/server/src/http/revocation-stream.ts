import { revocationStreamPath } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Metrics } from '../metrics/create-metrics.js'
import type { ReadRevocations } from '../revocation/publish-revocations.js'
import { markAsStream } from './connections/connection.js'
import { writeBody, writeResponse } from './response.js'
import { isAccountId, noFeed, refuseFeed } from './revocations.js'
import { followFeeds } from './streams/follow-feeds.js'
import { keepStreams, type StreamLimits } from './streams/open-streams.js'

interface Deps {
  readonly readRevocations: ReadRevocations
  readonly isStopping: () => boolean
  readonly streamLimits: StreamLimits
  readonly metrics: Pick<Metrics, 'showOpenStreams'>
}

const headers = {
  'Access-Control-Allow-Origin': '*',
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // otherwise nginx would collect events until they fill a buffer
  'X-Accel-Buffering': 'no',
  // the connection is used for nothing else, and ends with the stream
  Connection: 'close',
}

/** The feed of an account as Server-Sent Events: the signed document at once, and again each time it is signed. */
export function registerRevocationStream(app: FastifyInstance, deps: Deps): void {
  const streams = keepStreams(deps.streamLimits, deps.metrics.showOpenStreams)
  const feeds = followFeeds({ ...deps, streams })
  // before the server waits for connections to close, which these would keep open
  app.addHook('preClose', async () => feeds.stop())
  app.route<{ Params: { readonly account: string } }>({
    method: 'GET',
    url: revocationStreamPath(':account'),
    async handler(request, reply) {
      const { account } = request.params
      if (!isAccountId.test(account)) return writeResponse(request, reply, refuseFeed(noFeed()))
      const stream = deps.isStopping() ? undefined : streams.open(account, request.inbound.address)
      if (!stream) return writeResponse(request, reply, refuseFeed(tooManyStreams()))
      try {
        await feeds.follow(stream)
      } catch (cause) {
        stream.body.destroy()
        return writeResponse(request, reply, refuseFeed(unavailable(cause)))
      }
      markAsStream(reply.raw)
      return writeBody(request, reply, { headers, body: stream.body })
    },
  })
}

const tooManyStreams = () => new HallpassError('unavailable', messages.tooManyStreams, { retryAfter: 30 })

const unavailable = (cause: unknown) => new HallpassError('unavailable', messages.unavailable, { retryAfter: 1, cause })
