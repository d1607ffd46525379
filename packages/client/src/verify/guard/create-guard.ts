import type { ClaimsOf } from '@hallpass/contracts'
import type { Verifier } from '../create-verifier.js'
import type { Verdict, VerifiableKind } from '../verdict.js'
import { answerRefusal, type GuardRefusal, type RefusalAnswer } from './answer-refusal.js'
import type { FastifyReply, HonoContext, NodeRequest, NodeResponse } from './frameworks.js'

/** A verifier in front of routes. Every form reads `Authorization: Bearer …` and answers as RFC 6750 section 3 says. */
export interface Guard<K extends VerifiableKind> {
  /** A hook: `app.addHook('onRequest', guard.fastify)`, or `onRequest` of a route. */
  readonly fastify: (request: NodeRequest, reply: FastifyReply) => Promise<unknown>
  /** A middleware of express, connect and the like: `app.use(guard.express)`. */
  readonly express: (request: NodeRequest, response: NodeResponse, next: () => void) => Promise<void>
  /** A middleware: `app.use(guard.hono)`. */
  readonly hono: (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>
  /** For servers that take a Request and give a Response. */
  readonly request: (
    request: Request,
  ) => Promise<
    { readonly ok: true; readonly claims: ClaimsOf<K> } | { readonly ok: false; readonly response: Response }
  >
  /** The claims of a request (in hono: of its context) that was let in. Throws for one that never passed the guard. */
  readonly claimsOf: (request: object) => ClaimsOf<K>
}

/** Told of every refusal, with its reason; the caller is told less. */
export interface GuardOptions {
  readonly onRefused?: (refusal: GuardRefusal) => void
}

export function createGuard<K extends VerifiableKind>(verifier: Verifier<K>, options: GuardOptions = {}): Guard<K> {
  const letIn = new WeakMap<object, ClaimsOf<K>>()
  /** Lets a request in, or gives the answer to it. */
  const check = async (request: object, authorization: unknown): Promise<RefusalAnswer | undefined> => {
    const verdict = await judge(verifier, authorization)
    if (verdict.ok) {
      letIn.set(request, verdict.claims)
      return undefined
    }
    options.onRefused?.(verdict)
    return answerRefusal(verifier.kind, verdict)
  }
  const claimsOf = (request: object): ClaimsOf<K> => {
    const claims = letIn.get(request)
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
