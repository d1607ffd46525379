import type { ClaimsOf } from '@hallpass/contracts'
import type { Verifier } from '../create-verifier.js'
import type { Verdict, VerifiableKind } from '../verdict.js'
import { answerRefusal, type GuardRefusal, type RefusalAnswer } from './answer-refusal.js'
import type { FastifyReply, HonoContext, NodeRequest, NodeResponse } from './frameworks.js'

/** A verifier as middleware. Each form reads `Authorization: Bearer …` and responds as in RFC 6750, section 3. */
export interface Guard<K extends VerifiableKind> {
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
    { readonly ok: true; readonly claims: ClaimsOf<K> } | { readonly ok: false; readonly response: Response }
  >
  /** The claims of an accepted request (with Hono, of its context). Throws if the request didn't pass the guard. */
  readonly claimsOf: (request: object) => ClaimsOf<K>
}

export interface GuardOptions {
  /** Called for every refusal. The reason is for your log: the response discloses less. */
  readonly onRefused?: (refusal: GuardRefusal) => void
}

export function createGuard<K extends VerifiableKind>(verifier: Verifier<K>, options: GuardOptions = {}): Guard<K> {
  const accepted = new WeakMap<object, ClaimsOf<K>>()
  /** Accepts the request, or returns the response that refuses it. */
  const check = async (request: object, authorization: unknown): Promise<RefusalAnswer | undefined> => {
    const verdict = await judge(verifier, authorization)
    if (verdict.ok) {
      accepted.set(request, verdict.claims)
      return undefined
    }
    options.onRefused?.(verdict)
    return answerRefusal(verifier.kind, verdict)
  }
  const claimsOf = (request: object): ClaimsOf<K> => {
    const claims = accepted.get(request)
    if (!claims) throw new TypeError('The request did not pass this guard.')
    return claims
  }
  return {
    claimsOf,
    async fastify(request, reply) {
      const refusal = await check(request, request.headers.authorization)
      if (!refusal) return undefined
      reply.code(refusal.status)
      reply.headers(refusal.headers)
      reply.send(refusal.body)
      return reply
    },
    async express(request, response, next) {
      const refusal = await check(request, request.headers.authorization)
      if (!refusal) return next()
      response.statusCode = refusal.status
      for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
      response.end(refusal.body)
    },
    async hono(context, next) {
      const refusal = await check(context, context.req.header('Authorization'))
      if (refusal) return toResponse(refusal)
      await next()
      return undefined
    },
    async request(request) {
      const refusal = await check(request, request.headers.get('Authorization') ?? undefined)
      return refusal ? { ok: false, response: toResponse(refusal) } : { ok: true, claims: claimsOf(request) }
    },
  }
}

async function judge<K extends VerifiableKind>(
  verifier: Verifier<K>,
  authorization: unknown,
): Promise<Extract<Verdict<K>, { ok: true }> | GuardRefusal> {
  if (authorization === undefined) return verifier.verify(undefined) as Promise<GuardRefusal>
  const [, token] = typeof authorization === 'string' ? (/^bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []) : []
  return token === undefined ? { ok: false, reason: 'invalid_request' } : verifier.verify(token)
}

const toResponse = ({ status, headers, body }: RefusalAnswer) => new Response(body, { status, headers })
