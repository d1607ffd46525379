import type * as z from 'zod'
import type { TokenKind } from './claims.js'
import type { Dialect } from './core/dialects.js'
import type { Scope } from './core/enums.js'
import type { Reason } from './core/reasons.js'

/** A backend, with a secret key that has this scope. */
interface BackendCaller {
  readonly by: 'secret_key'
  readonly scope: Scope | 'any'
}

/** A page, with a client key and its Origin, or the holder of a token. */
interface PageCaller {
  readonly by: 'client_key' | 'visitor_token' | 'refresh_token'
}

export type Caller = BackendCaller | PageCaller

/** How a repeated call is recognised. Only successes are remembered. */
export interface IdempotencyPolicy {
  /** What `Idempotency-Key` may look like. */
  readonly keyPattern: RegExp
  readonly keyDescription: string
  /** How long a success is remembered. */
  readonly ttlSeconds: number
  /** The answer holds a secret that is shown once, so only the secret key that made the first call gets it again. */
  readonly sameKeyOnly?: true
}

interface CommonOperation {
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
  /** The kind of token that a success hands out. */
  readonly mints: TokenKind | null
  /** The kind of token that a success spends. */
  readonly spends: TokenKind | null
  /** A kind of token that is spent if one is sent. Most calls send none, so a success doesn't count as one that was spent. */
  readonly maySpend?: TokenKind
  /** Whether the account's activity counts its calls. */
  readonly counted: boolean
  /** Fields whose absence has an answer of its own; the inner lists are aliases of one field. */
  readonly required?: readonly (readonly string[])[]
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly dialect: Dialect
  /** The documented words for a refusal, where the seed gives them. */
  readonly phrases?: Partial<Record<Reason, string>>
  readonly idempotency?: IdempotencyPolicy
  /** The answer is the same for everyone and may be cached for this long. */
  readonly cacheSeconds?: number
  /** As the dialect publishes them. */
  readonly refusals: readonly Reason[]
  readonly example: { readonly input: unknown; readonly output: unknown }
}

/** Called by a customer's backend. All of them share the limits of the secret key and its account. */
export interface BackendOperation extends CommonOperation {
  readonly calledFrom: 'backend'
  readonly caller: BackendCaller
  /**
   * What the account's history gets: an entry for each change and for refusals that show a key reaching too far; only
   * these refusals; the entries that the handler adds; or nothing.
   */
  readonly audited: 'changes' | 'refusals' | 'by_handler' | 'never'
}

/** Called by pages of other origins, so it answers CORS. */
export interface PageOperation extends CommonOperation {
  readonly calledFrom: 'page'
  readonly caller: PageCaller
  readonly audited: 'never'
  /** Whether it issues something to strangers, or serves those who hold a token or a configuration already and call more often. */
  readonly limit: 'issue' | 'holder'
}

/**
 * One documented endpoint, with every fact that tells it from others. The tRPC procedure, REST route, OpenAPI entry,
 * command and client method are made from it.
 */
export type Operation = BackendOperation | PageOperation

/** Whether an operation answers by the caller's Origin. Then so does every one of its refusals, for caches between. */
export const dependsOnOrigin = ({ refusals }: Pick<Operation, 'refusals'>): boolean =>
  refusals.includes('origin_not_allowed')

/** Keeps an operation's literal types while checking its shape. */
export const defineOperation = <const O extends Operation>(operation: O): O => operation

/** What a caller may send. */
export type InputOf<O extends Operation> = z.input<O['input']>
/** What the rule receives once the input is parsed. */
export type ParsedInputOf<O extends Operation> = z.output<O['input']>
/** The bare answer, before a dialect wraps it. */
export type OutputOf<O extends Operation> = z.output<O['output']>
