import type * as z from 'zod'
import type { Scope } from './core/enums.js'
import type { Reason } from './core/reasons.js'

/** How answers are worded: `envelope` (seed 000), `text` (seed 002), `code` (seed 003), `oauth` (RFC 6749 section 5.2). */
export type Dialect = 'envelope' | 'text' | 'code' | 'oauth'

/** Who may call: a backend with a secret key, a page with a client key and its Origin, or the holder of a token. */
export type Caller =
  | { readonly by: 'secret_key'; readonly scope: Scope | 'any' }
  | { readonly by: 'client_key' }
  | { readonly by: 'visitor_token' }
  | { readonly by: 'refresh_token' }

/** How a repeated call is recognised. Only successes are remembered. */
export interface IdempotencyPolicy {
  /** What `Idempotency-Key` may look like. */
  readonly keyPattern: RegExp
  readonly keyDescription: string
  /** How long a success is remembered. */
  readonly ttlSeconds: number
  /** The answer holds a secret that is shown once, so only the secret key that made the first call gets it again. */
  readonly sameKeyOnly?: true
  /** The refusal when the key was used for another request. */
  readonly reused: Reason
  /** The refusal while the first request is still running. */
  readonly running: Reason
}

/** One documented endpoint. The tRPC procedure, REST route, OpenAPI entry, command and client method are made from it. */
export interface Operation {
  readonly id: `${string}.${string}`
  readonly kind: 'query' | 'mutation'
  readonly summary: string
  readonly description: string
  /** Where it is specified. */
  readonly source: string
  /** The documented method first. */
  readonly methods: readonly ('GET' | 'POST')[]
  /** The canonical path first; `{name}` is a path parameter. */
  readonly paths: readonly string[]
  /** Input fields that REST carries in the path or the query; all others are the body's. */
  readonly pathFields?: readonly string[]
  readonly queryFields?: readonly string[]
  readonly body: 'json' | 'form' | 'ignored'
  readonly caller: Caller
  /** Called by pages of other origins, so it answers CORS. */
  readonly crossOrigin?: true
  /** Fields whose absence has an answer of its own; the inner lists are aliases of one field. */
  readonly required?: readonly (readonly string[])[]
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly dialect: Dialect
  /** The documented words for a refusal, where the seed gives them. */
  readonly phrases?: Partial<Record<Reason, string>>
  readonly idempotency?: IdempotencyPolicy
  /** Sandbox faults of its own, beyond those that every operation knows. */
  readonly sandboxFaults?: readonly ('expire_in' | 'already_used' | 'revoked')[]
  /** The answer is the same for everyone and may be cached for this long. */
  readonly cacheSeconds?: number
  readonly refusals: readonly Reason[]
  readonly example: { readonly input: unknown; readonly output: unknown }
}

/** Keeps an operation's literal types while checking its shape. */
export const defineOperation = <const O extends Operation>(operation: O): O => operation

/** What a caller may send. */
export type InputOf<O extends Operation> = z.input<O['input']>
/** What the rule receives once the input is parsed. */
export type ParsedInputOf<O extends Operation> = z.output<O['input']>
/** The bare answer, before a dialect wraps it. */
export type OutputOf<O extends Operation> = z.output<O['output']>
