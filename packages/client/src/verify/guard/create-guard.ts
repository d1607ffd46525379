import type { ActionOf } from '../../declared-kinds.js'
import type { Verifier } from '../create-verifier.js'
import type { Verdict, VerifiedClaims } from '../verdict.js'
import { answerRefusal, type GuardRefusal, type RefusalAnswer } from './answer-refusal.js'
import type { FastifyReply, HonoContext, NodeRequest, NodeResponse } from './frameworks.js'

/**
 * A verifier as middleware. Each form reads `Authorization: Bearer …`, or `DPoP …` with a proof, and responds as in RFC 6750,
 * section 3, and RFC 9449, section 7.1.
 */
export interface Guard<K extends string> {
  /** A Fastify hook: `app.addHook('onRequest', guard.fastify)`, or a route's `onRequest`. */
  readonly fastify: (request: NodeRequest, reply: FastifyReply) => Promise<unknown>
  /** A middleware for Express, Connect and compatible servers: `app.use(guard.express)`. */
  readonly express: (request: NodeRequest, response: NodeResponse, next: () => void) => Promise<void>
  /** A Hono middleware: `app.use(guard.hono)`. */
  readonly hono: (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>
  /** For servers that handle a Request and return a Response. */
  readonly request: (
    request: Request,
  ) => Promise<
    { readonly ok: true; readonly claims: VerifiedClaims<K> } | { readonly ok: false; readonly response: Response }
  >
  /** The claims of an accepted request (with Hono, of its context). Throws if the request didn't pass the guard. */
  readonly claimsOf: (request: object) => VerifiedClaims<K>
}

export interface GuardOptions<K extends string = string> {
  /** The action that a token of a declared kind must permit. Others get 403. */
  readonly action?: ActionOf<K>
  /**
   * The origin of your API as callers see it, such as `https://api.example.com`. Fastify and Express need it to accept tokens
   * that are bound to a key, and so does an API behind a proxy.
   */
  readonly origin?: string
  /** Called for every refusal. The reason is for your log: the response discloses less. */
  readonly onRefused?: (refusal: GuardRefusal) => void
}

export function createGuard<K extends string>(verifier: Verifier<K>, options: GuardOptions<K> = {}): Guard<K> {
  const accepted = new WeakMap<object, VerifiedClaims<K>>()
  /** Accepts the request, or returns the response that refuses it. */
  const check = async (request: object, presented: Presented): Promise<RefusalAnswer | undefined> => {
    const verdict = await judge(verifier, presented, options)
    if (verdict.ok) {
      accepted.set(request, verdict.claims)
      return undefined
    }
    options.onRefused?.(verdict)
    return answerRefusal(verifier.kind, verdict)
  }
  const claimsOf = (request: object): VerifiedClaims<K> => {
    const claims = accepted.get(request)
    if (!claims) throw new TypeError('The request did not pass this guard.')
    return claims
  }
  return {
    claimsOf,
    async fastify(request, reply) {
      const refusal = await check(request, fromNode(request))
      if (!refusal) return undefined
      reply.code(refusal.status)
      reply.headers(refusal.headers)
      reply.send(refusal.body)
      return reply
    },
    async express(request, response, next) {
      const refusal = await check(request, fromNode(request))
      if (!refusal) return next()
      response.statusCode = refusal.status
      for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
      response.end(refusal.body)
    },
    async hono(context, next) {
      const refusal = await check(
        context,
        fromFetch(context.req, (name) => context.req.header(name)),
      )
      if (refusal) return toResponse(refusal)
      await next()
      return undefined
    },
    async request(request) {
      const refusal = await check(
        request,
        fromFetch(request, (name) => request.headers.get(name) ?? undefined),
      )
      return refusal ? { ok: false, response: toResponse(refusal) } : { ok: true, claims: claimsOf(request) }
    },
  }
}

/** The parts of a request that present a token. */
interface Presented {
  readonly authorization: unknown
  readonly dpop: unknown
  readonly method: string
  /** The whole URL, or only its path. */
  readonly url: string
}

const fromNode = ({ headers, method = '', url = '', originalUrl = url }: NodeRequest): Presented => ({
  authorization: headers.authorization,
  dpop: headers.dpop,
  method,
  url: originalUrl,
})

const fromFetch = (
  { method, url }: { readonly method: string; readonly url: string },
  header: (name: string) => string | undefined,
): Presented => ({ authorization: header('Authorization'), dpop: header('DPoP'), method, url })

async function judge<K extends string>(
  verifier: Verifier<K>,
  { authorization, dpop, method, url }: Presented,
  { origin, action }: GuardOptions<K>,
): Promise<Extract<Verdict<K>, { ok: true }> | GuardRefusal> {
  // what a verifier of another kind doesn't ask for, it ignores
  const verify = verifier.verify as (token?: string, request?: object) => Promise<Verdict<K>>
  if (authorization === undefined) return verify(undefined) as Promise<GuardRefusal>
  const [, scheme = '', token] =
    typeof authorization === 'string' ? (/^(bearer|dpop) +([\w.~+/-]+=*)$/i.exec(authorization) ?? []) : []
  if (token === undefined) return { ok: false, reason: 'invalid_request' }
  if (scheme.toLowerCase() === 'bearer') return verify(token, { action })
  // an empty proof is refused like any other that isn't one
  const proof = typeof dpop === 'string' ? dpop : ''
  return verify(token, { action, method, url: urlAt(url, origin), proof })
}

/** The URL as callers see it. An unknown one matches no proof. */
function urlAt(url: string, origin: string | undefined): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '')
  return origin === undefined ? url : origin.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`)
}

const toResponse = ({ status, headers, body }: RefusalAnswer) => new Response(body, { status, headers })
