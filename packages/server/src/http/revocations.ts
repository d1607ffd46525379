import { accountRevocationsPath, revocationsCacheSeconds, revocationsPath, revocationsTyp } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { RequestHeaders } from '../execute/call.js'
import type { ReadRevocations, SignedFeed } from '../revocation/publish-revocations.js'
import { etagOf, matchesEtag } from './etag.js'
import { type HttpResponse, refusalHeaders, writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareBody } from './shared-body.js'

/** The revocation feeds for stateless verifiers: of one account, and of all accounts. */
export function registerRevocations(app: FastifyInstance, readRevocations: ReadRevocations): void {
  const read = shareFeeds(readRevocations)
  app.route({
    method: ['GET', 'HEAD'],
    url: revocationsPath,
    handler: async (request, reply) => writeResponse(request, reply, await answer(read, request.inbound.headers)),
  })
  app.route<{ Params: { readonly account: string } }>({
    method: ['GET', 'HEAD'],
    url: accountRevocationsPath(':account'),
    handler: async (request, reply) => {
      const { account } = request.params
      if (!isAccountId.test(account)) return writeResponse(request, reply, refuseFeed(noFeed()))
      const readOwn = () => read(account)
      return writeResponse(request, reply, await answer(readOwn, request.inbound.headers))
    },
  })
}

/** The response doesn't show whether the account exists: every id has a feed, and that of an unknown id is empty. */
export const isAccountId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The bytes of a feed exist once, as long as the feed itself. */
function shareFeeds(readRevocations: ReadRevocations): (accountId?: string) => Promise<SharedBody> {
  const bodies = new WeakMap<object, SharedBody>()
  return async (accountId) => {
    const feed = await readRevocations(accountId)
    const body = bodies.get(feed) ?? shareBody(feed.jws, tagOf(feed))
    bodies.set(feed, body)
    return body
  }
}

/** The signature identifies the bytes as well as their hash would, without reading all of them. */
const tagOf = ({ jws }: SignedFeed) => etagOf(jws.subarray(jws.lastIndexOf('.')))

const open = { 'Access-Control-Allow-Origin': '*' }

async function answer(readFeed: () => Promise<SharedBody>, asked: RequestHeaders): Promise<HttpResponse> {
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
    const message = messages.unavailable
    return refuseFeed(new HallpassError('unavailable', message, { retryAfter: 1, cause }))
  }
}

export const noFeed = () => new HallpassError('not_found', messages.notAnAccountId)

export function refuseFeed(error: HallpassError): HttpResponse {
  const headers = { ...open, ...refusalHeaders(error), 'Content-Type': 'text/plain; charset=utf-8' }
  return { status: error.status, headers, body: error.message, error }
}
