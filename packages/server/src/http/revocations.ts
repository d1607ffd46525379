import { revocationsCacheSeconds, revocationsPath, revocationsTyp } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { HallpassError } from '../errors.js'
import { etagOf, matchesEtag } from './etag.js'
import { type HttpResponse, refusalHeaders, writeResponse } from './response.js'

/** The revocation feed, for verifiers that keep no state of ours. */
export function registerRevocations(app: FastifyInstance, readFeed: () => Promise<string>): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: revocationsPath,
    handler: async (request, reply) =>
      writeResponse(request, reply, await answer(readFeed, request.inbound.headers.get('if-none-match'))),
  })
}

async function answer(readFeed: () => Promise<string>, ifNoneMatch: string | undefined): Promise<HttpResponse> {
  const open = { 'Access-Control-Allow-Origin': '*' }
  try {
    const jws = await readFeed()
    const etag = etagOf(jws)
    const headers = { ...open, ETag: etag, 'Cache-Control': `public, max-age=${revocationsCacheSeconds}` }
    if (matchesEtag(ifNoneMatch, etag)) return { status: 304, headers, body: '' }
    return { status: 200, headers: { ...headers, 'Content-Type': `application/${revocationsTyp}` }, body: jws }
  } catch (cause) {
    const error = new HallpassError('unavailable', 'The service is temporarily unavailable; try again.', {
      retryAfter: 1,
      cause,
    })
    const headers = { ...open, ...refusalHeaders(error), 'Content-Type': 'text/plain; charset=utf-8' }
    return { status: error.status, headers, body: error.message, error }
  }
}
