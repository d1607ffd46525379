import { encodeRequest, type Operation, type Reason } from '@hallpass/contracts'
import type { AppRouter } from '@hallpass/server/router'
import {
  createTRPCUntypedClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  TRPCClientError,
  type TRPCLink,
} from '@trpc/client'
import { quickFetch } from '../http/quick-fetch.js'

/** A call before a transport has encoded it. */
export interface TransportCall {
  readonly input: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  /** Sent as is, instead of the input. */
  readonly body?: string
}

/** The decision over one transport, in a form that can be compared with another transport's. */
export interface Decision {
  readonly status: number
  /** The reason in the operation's dialect, or undefined if the dialect does not contain it. */
  readonly word?: string | undefined
  readonly detail?: string | undefined
  readonly items?: unknown
  readonly validStatus?: unknown
  /** A success with masked ids, tokens and times. */
  readonly value?: unknown
}

/** A way to call the server. */
export type Transport = (url: string, operation: Operation, call: TransportCall) => Promise<Decision>

export const rest: Transport = async (url, operation, { input, headers, body }) => {
  const request = encodeRequest(operation, input)
  const type: Record<string, string> = request.contentType ? { 'Content-Type': request.contentType } : {}
  const content = request.body === undefined ? {} : { body: body ?? request.body }
  const response = await quickFetch(url + request.target, {
    method: request.method,
    headers: { ...type, ...headers },
    ...content,
  })
  const text = await response.text()
  if (operation.dialect === 'text' && response.status >= 400) {
    return { status: response.status, word: response.headers.get('x-error-reason') ?? undefined, detail: text }
  }
  const answer = JSON.parse(text)
  if (response.ok)
    return { status: response.status, value: mask(operation.dialect === 'envelope' ? answer.data : answer) }
  if (operation.dialect === 'oauth') {
    return { status: response.status, word: answer.error, detail: answer.error_description }
  }
  if (operation.dialect === 'code') {
    return { status: answer.status, word: answer.code, detail: answer.detail, validStatus: answer.valid_status }
  }
  const { status, type: word, detail, items } = answer.error
  return { status, word, detail, items }
}

/** tRPC's own encoding, written by hand: POST, or GET for a query. */
export const rawTrpc =
  (method: 'GET' | 'POST'): Transport =>
  async (url, operation, { input, headers, body }) => {
    const json = body ?? JSON.stringify(input)
    const response =
      method === 'POST'
        ? await quickFetch(`${url}/trpc/${operation.id}`, {
            method,
            headers: { 'Content-Type': 'application/json', ...headers },
            body: json,
          })
        : await quickFetch(`${url}/trpc/${operation.id}?input=${encodeURIComponent(json)}`, { method, headers })
    const answer = await response.json()
    if ('result' in answer) return { status: response.status, value: mask(answer.result.data) }
    return refusal(operation, response.status, answer.error)
  }

const linked =
  (makeLink: (options: { url: string; headers: Record<string, string> }) => TRPCLink<AppRouter>): Transport =>
  async (url, operation, { input, headers }) => {
    const client = createTRPCUntypedClient<AppRouter>({
      links: [makeLink({ url: `${url}/trpc`, headers: { ...headers } })],
    })
    try {
      const value =
        operation.kind === 'query'
          ? await client.query(operation.id, input)
          : await client.mutation(operation.id, input)
      return { status: 200, value: mask(value) }
    } catch (error) {
      if (!(error instanceof TRPCClientError) || !error.data) throw error
      return refusal(operation, error.data.httpStatus, error)
    }
  }

/** The real client's three ways to send a call. */
export const linkTransports = {
  httpLink: linked((options) => httpLink(options)),
  httpBatchLink: linked((options) => httpBatchLink(options)),
  httpBatchStreamLink: linked((options) => httpBatchStreamLink(options)),
} as const

interface TrpcFailure {
  readonly message: string
  readonly data: { readonly reason: Reason; readonly items?: unknown; readonly valid_status?: unknown }
}

/** A tRPC refusal in the form that REST has for the same reason. */
function refusal({ dialect }: Operation, status: number, { message, data }: TrpcFailure): Decision {
  const word = wordOf(dialect, status, data.reason)
  if (dialect === 'text') return { status, word, detail: message }
  if (dialect === 'envelope') return { status, word, detail: message, items: data.items }
  return { status, word, detail: message, ...(dialect === 'code' ? { validStatus: data.valid_status } : {}) }
}

/** The documented code of a reason, written out here instead of read from the server's tables. */
export function wordOf(dialect: Operation['dialect'], status: number, reason: Reason): string | undefined {
  if (dialect === 'text') return reason
  if (dialect === 'envelope') return problemTypes[status]
  if (dialect === 'oauth') return reason === 'origin_not_allowed' ? 'unauthorized_client' : oauthErrors[status]
  return codes[reason]
}

const problemTypes: Readonly<Record<number, string>> = {
  400: '/bad_request',
  401: '/unauthorized',
  403: '/forbidden',
  404: '/not_found',
  409: '/conflict',
  413: '/payload_too_large',
  415: '/unsupported_media_type',
  422: '/validation_error',
}

const oauthErrors: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_client',
  403: 'insufficient_scope',
  // RFC 6749 has no code for an unknown acting account
  404: 'invalid_request',
}

const codes: Readonly<Partial<Record<Reason, string>>> = {
  account_disabled: 'ACCOUNT_DISABLED',
  malformed_request: 'BAD_REQUEST',
  invalid_header: 'BAD_REQUEST',
  invalid_path_parameter: 'BAD_REQUEST',
  invalid_query_parameter: 'BAD_QUERY_PARAMETER',
  missing_field: 'BAD_REQUEST',
  invalid_token: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHENTICATED',
  insufficient_scope: 'FORBIDDEN',
  origin_not_allowed: 'FORBIDDEN',
  auth_mode_not_allowed: 'FORBIDDEN',
  widget_disabled: 'FORBIDDEN',
  not_found: 'RESOURCE_NOT_FOUND',
  state_conflict: 'INVALID_STATUS',
  validation_failed: 'VALIDATION_FAILED',
  idempotency_invalid_reuse: 'IDEMPOTENCY_INVALID_REUSE',
  token_already_used: 'TOKEN_ALREADY_USED',
  token_expired: 'TOKEN_EXPIRED',
  token_revoked: 'TOKEN_REVOKED',
  token_wrong_widget_type: 'TOKEN_WRONG_WIDGET_TYPE',
  token_wrong_resource: 'TOKEN_WRONG_RESOURCE',
  token_action_not_allowed: 'TOKEN_ACTION_NOT_ALLOWED',
}

const masks: readonly (readonly [pattern: RegExp, mask: string])[] = [
  [/^[\w-]+\.[\w-]+\.[\w-]+$/, '<jwt>'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d+)?$/, '<uuid>'],
  [/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, '<time>'],
  [/^(sk|pk)_(test|live)_\w{16,}$/, '<key>'],
  [/^(sk|pk)_(test|live)_\w{4}…\w{4}$/, '<hint>'],
  [/^(hprt_\d+\.)?[\w-]{40,}$/, '<opaque>'],
  [/^whsec_[A-Za-z0-9+/]{43}=$/, '<webhook secret>'],
]

/** The shape of a value: what differs in every response is masked, and everything else stays. */
function mask(value: unknown): unknown {
  if (typeof value === 'string') return masks.find(([pattern]) => pattern.test(value))?.[1] ?? value
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mask(member)]))
}
