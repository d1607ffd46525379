import type * as z from 'zod'
import type { TokenKind } from './claims.js'
import type { Dialect } from './core/dialects.js'
import type { kindScopes, Scope } from './core/enums.js'
import type { Reason } from './core/reasons.js'

/** A backend with a secret key that has this scope. */
export interface BackendCaller {
  readonly by: 'secret_key'
  readonly scope: Scope | 'any'
  /** What a scope for the kind in the input can permit too, such as `kind:report-viewer:mint`. */
  readonly kindScope?: keyof typeof kindScopes
  /** The secret key may also be the password of HTTP Basic, as stock OAuth clients send it. */
  readonly basic?: true
}

/** A page with a client key and its Origin, or the holder of a token. */
interface PageCaller {
  readonly by: 'client_key' | 'visitor_token' | 'refresh_token'
}

export type Caller = BackendCaller | PageCaller

/** How a retry is recognized. Only successful responses are remembered. */
export interface IdempotencyPolicy {
  /** The format of `Idempotency-Key`. */
  readonly keyPattern: RegExp
  readonly keyDescription: string
  /** How long a response is remembered. */
  readonly ttlSeconds: number
  /** Set if the response contains a secret that is shown once: only the secret key of the first call gets it again. */
  readonly sameKeyOnly?: true
}

/** An overloaded server refuses calls of the first priority first, and those of the last only if nothing else helps. */
export const priorities = ['low', 'normal', 'high'] as const
export type Priority = (typeof priorities)[number]

interface CommonOperation {
  readonly id: `${string}.${string}`
  readonly kind: 'query' | 'mutation'
  readonly summary: string
  readonly description: string
  /** The canonical method comes first. */
  readonly methods: readonly ('GET' | 'POST' | 'PUT')[]
  /** The canonical path comes first. `{name}` is a path parameter. */
  readonly paths: readonly string[]
  /** Input fields that REST sends in the path or the query. All others are in the body. */
  readonly pathFields?: readonly string[]
  readonly queryFields?: readonly string[]
  readonly body: 'json' | 'form' | 'ignored'
  /** The kind of token that it issues. */
  readonly mints: TokenKind | null
  /** The kind of token that it spends. */
  readonly spends: TokenKind | null
  /** A kind of token that it spends if one is sent. Most calls send none, so the metrics don't count it as spent. */
  readonly maySpend?: TokenKind
  /** Whether the account's activity counts its calls. */
  readonly counted: boolean
  /** `high` uses or ends what was issued already, `normal` issues for callers with a credential, `low` for anyone. */
  readonly priority: Priority
  /** Fields whose absence has its own error response. Each inner list contains the aliases of one field. */
  readonly required?: readonly (readonly string[])[]
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly dialect: Dialect
  /** The documented error messages, for reasons that have one. */
  readonly phrases?: Partial<Record<Reason, string>>
  readonly idempotency?: IdempotencyPolicy
  /** The response is the same for every caller and can be cached for this long. */
  readonly cacheSeconds?: number
  /** The `typ` of a JWT that contains the response. Over REST, a caller that accepts this media type gets it. */
  readonly signedTyp?: string
  /** As the dialect publishes them. */
  readonly refusals: readonly Reason[]
  readonly example: { readonly input: unknown; readonly output: unknown }
}

/** An operation for backends. Calls count towards the limits of the secret key and its account. */
export interface BackendOperation extends CommonOperation {
  readonly calledFrom: 'backend'
  readonly caller: BackendCaller
  /**
   * What is recorded in the account's history: each change, and refusals that show a key exceeding its permissions; only
   * these refusals; the entries that the handler adds; or nothing.
   */
  readonly audited: 'changes' | 'refusals' | 'by_handler' | 'never'
}

/** An operation for pages of other origins, so it supports CORS. */
export interface PageOperation extends CommonOperation {
  readonly calledFrom: 'page'
  readonly caller: PageCaller
  readonly audited: 'never'
  /** Whether it issues tokens to anyone, or serves callers that already have a token or a configuration and call more often. */
  readonly limit: 'issue' | 'holder'
}

/**
 * One documented endpoint, with everything that distinguishes it from others. Its tRPC procedure, REST route, OpenAPI
 * entry, command and client method are generated from it.
 */
export type Operation = BackendOperation | PageOperation

/** Whether the response depends on the caller's Origin. If so, all refusals vary by Origin too, for caches in between. */
export const dependsOnOrigin = ({ refusals }: Pick<Operation, 'refusals'>): boolean =>
  refusals.includes('origin_not_allowed')

/** Type-checks an operation and keeps its literal types. */
export const defineOperation = <const O extends Operation>(operation: O): O => operation

// To require an `Operation` here would make a compiler compare every operation with it: most of the time that a project
// took to check the client's declarations.
/** What a caller can send. */
export type InputOf<O extends { readonly input: unknown }> = z.input<O['input']>
/** The parsed input that the handler receives. */
export type ParsedInputOf<O extends { readonly input: unknown }> = z.output<O['input']>
/** The response before a dialect wraps it. */
export type OutputOf<O extends { readonly output: unknown }> = z.output<O['output']>
