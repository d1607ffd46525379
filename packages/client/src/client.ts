import type { InputOf, OperationId, Operations, OutputOf } from '@hallpass/contracts'
import type { AppRouter } from '@hallpass/server/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { toClientError } from './to-client-error.js'

/** How to reach the service, and as whom. */
export interface ClientOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** A secret key; without one only the visitor operations answer. Never in a browser. */
  readonly apiKey?: string
  /** Act on this child account in every call. */
  readonly accountId?: string
  /** In place of the global fetch. */
  readonly fetch?: typeof globalThis.fetch
}

/** What one call may add. */
export interface CallOptions {
  readonly idempotencyKey?: string
  readonly correlationId?: string
  readonly requestId?: string
  /** Act on this child account in this call. */
  readonly accountId?: string
  readonly signal?: AbortSignal
}

type Method<Id extends OperationId> = (
  input: InputOf<Operations[Id]>,
  options?: CallOptions,
) => Promise<OutputOf<Operations[Id]>>

type HeadOf<Path extends string> = Path extends `${infer Head}.${string}` ? Head : Path
type TailOf<Path extends string, Head extends string> = Path extends `${Head}.${infer Tail}` ? Tail : never

/** The methods under a prefix, nested at each dot of the operations' ids. */
type MethodsUnder<Path extends string, Prefix extends string> = {
  readonly [Head in HeadOf<Path>]: `${Prefix}${Head}` extends OperationId
    ? Method<`${Prefix}${Head}`>
    : MethodsUnder<TailOf<Path, Head>, `${Prefix}${Head}.`>
}

/** A method for every operation, in groups: `client.bridge.initialize(…)`. Each throws {@link HallpassClientError}. */
export type HallpassClient = MethodsUnder<OperationId, ''>

/**
 * A typed client over tRPC.
 * @example
 * const hallpass = createHallpassClient({ baseUrl: 'http://127.0.0.1:8787', apiKey: process.env.HALLPASS_API_KEY })
 * const { bridge_token } = await hallpass.bridge.initialize({ customer_id })
 */
export function createHallpassClient(options: ClientOptions): HallpassClient {
  const trpc = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${options.baseUrl.replace(/\/$/, '')}/trpc`,
        headers: ({ op }) => headersOf(options, (op.context as { call?: CallOptions }).call ?? {}),
        ...(options.fetch ? { fetch: options.fetch } : {}),
      }),
    ],
  })
  const { bridge, visitor, card, tokens, admin } = trpc
  return {
    bridge: { initialize: method(bridge.initialize.mutate) },
    visitor: {
      guest: method(visitor.guest.mutate),
      userToken: method(visitor.userToken.mutate),
      exchange: method(visitor.exchange.mutate),
      refresh: method(visitor.refresh.mutate),
      config: method(visitor.config.query),
      embedTicket: method(visitor.embedTicket.mutate),
    },
    card: { widgetToken: method(card.widgetToken.mutate) },
    tokens: {
      redeem: method(tokens.redeem.mutate),
      introspect: method(tokens.introspect.mutate),
      revoke: method(tokens.revoke.mutate),
    },
    admin: {
      accounts: { create: method(admin.accounts.create.mutate), list: method(admin.accounts.list.query) },
      apiKeys: {
        create: method(admin.apiKeys.create.mutate),
        list: method(admin.apiKeys.list.query),
        rotate: method(admin.apiKeys.rotate.mutate),
        disable: method(admin.apiKeys.disable.mutate),
      },
      clientKeys: {
        create: method(admin.clientKeys.create.mutate),
        list: method(admin.clientKeys.list.query),
        update: method(admin.clientKeys.update.mutate),
      },
      customers: {
        upsert: method(admin.customers.upsert.mutate),
        get: method(admin.customers.get.query),
        list: method(admin.customers.list.query),
      },
      cards: {
        upsert: method(admin.cards.upsert.mutate),
        get: method(admin.cards.get.query),
        list: method(admin.cards.list.query),
      },
      sessions: { revoke: method(admin.sessions.revoke.mutate) },
      signingKeys: {
        list: method(admin.signingKeys.list.query),
        rotate: method(admin.signingKeys.rotate.mutate),
        revoke: method(admin.signingKeys.revoke.mutate),
      },
      refusals: { get: method(admin.refusals.get.query), list: method(admin.refusals.list.query) },
      audit: { list: method(admin.audit.list.query) },
    },
  }
}

type Procedure<Input, Output> = (
  input: Input,
  options: { context: { call: CallOptions }; signal?: AbortSignal },
) => Promise<Output>

function method<Input, Output>(procedure: Procedure<Input, Output>) {
  return async (input: Input, call: CallOptions = {}): Promise<Output> => {
    try {
      return await procedure(input, { context: { call }, ...(call.signal ? { signal: call.signal } : {}) })
    } catch (error) {
      throw toClientError(error)
    }
  }
}

function headersOf(options: ClientOptions, call: CallOptions): Record<string, string> {
  const headers = {
    Authorization: options.apiKey === undefined ? undefined : `Bearer ${options.apiKey}`,
    'Straddle-Account-Id': call.accountId ?? options.accountId,
    'Idempotency-Key': call.idempotencyKey,
    'Correlation-Id': call.correlationId,
    'Request-Id': call.requestId,
  }
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
