import { revocationsCacheSeconds, revocationsPath, revocationsTyp } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { HallpassError } from '../errors.js'
import type { RequestHeaders } from '../execute/call.js'
import { matchesEtag } from './etag.js'
import { type HttpResponse, refusalHeaders, writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareLatest } from './shared-body.js'

/** The revocation feed, for verifiers that keep no state of ours. */
export function registerRevocations(app: FastifyInstance, readFeed: () => Promise<string>): void {
  const latestFeed = shareLatest()
  const read = async () => latestFeed(await readFeed())
  app.route({
    method: ['GET', 'HEAD'],
    url: revocationsPath,
    handler: async (request, reply) => writeResponse(request, reply, await answer(read, request.inbound.headers)),
  })
}

async function answer(readFeed: () => Promise<SharedBody>, asked: RequestHeaders): Promise<HttpResponse> {
  const open = { 'Access-Control-Allow-Origin': '*' }
  try {
    const feed = await readFeed()
    const encoded = await encodeShared(feed, asked.get('accept-encoding'))
    const cached = { ...open, ETag: encoded.etag, 'Cache-Control': `public, max-age=${revocationsCacheSeconds}` }
    if (matchesEtag(asked.get('if-none-match'), feed.etag)) {
      const { 'Content-Encoding': _, ...headers } = encoded.headers
      return { status: 304, headers: { ...cached, ...headers }, body: '' }
    }
    const headers = { ...cached, ...encoded.headers, 'Content-Type': `application/${revocationsTyp}` }
    return { status: 200, headers, body: encoded.body }
  } catch (cause) {
    const error = new HallpassError('unavailable', 'The service is temporarily unavailable; try again.', {
      retryAfter: 1,
      cause,
    })
    const headers = { ...open, ...refusalHeaders(error), 'Content-Type': 'text/plain; charset=utf-8' }
    return { status: error.status, headers, body: error.message, error }
  }
}
