import { encodeRequest, type OperationId, operations } from '@hallpass/contracts'
import { wordOf } from '../../system/support/parity/parity-transports.js'
import type { AssembledServer, CallResponse } from '../../system/support/servers/assembled-server.js'

/** A response in the form that the model has: `ok`, `repeated`, or the documented word of the refusal. */
export interface Outcome {
  readonly reply: string
  readonly value: Readonly<Record<string, unknown>>
}

/** A way to call an operation of a server. */
export type Transport = (
  server: AssembledServer,
  operation: OperationId,
  input: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
) => Promise<Outcome>

const success = (response: CallResponse, value: unknown): Outcome => ({
  reply: response.headers.get('idempotent-replayed') === 'true' ? 'repeated' : 'ok',
  // every operation of the model returns an object
  value: value as Outcome['value'],
})

const refusal = (reply: unknown): Outcome => ({ reply: String(reply), value: {} })

const rest: Transport = async (server, id, input, headers) => {
  const operation = operations[id]
  const { method, target, contentType, body } = encodeRequest(operation, input)
  const response = await server.call(target, {
    method: method === 'GET' ? 'GET' : 'POST',
    headers: { ...(contentType ? { 'content-type': contentType } : {}), ...headers },
    ...(body === undefined ? {} : { body }),
  })
  const { status, body: answer } = response
  if (status === 200) return success(response, operation.dialect === 'envelope' ? answer.data : answer)
  if (operation.dialect === 'text') return refusal(response.headers.get('x-error-reason'))
  if (operation.dialect === 'oauth') return refusal(answer.error)
  if (operation.dialect === 'code') return refusal(answer.code)
  return refusal((answer.error as { type: string }).type)
}

const trpc: Transport = async (server, id, input, headers) => {
  const response = await server.call(`/trpc/${id}`, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })
  // tRPC's two forms of a response
  const body = response.body as {
    readonly result?: { readonly data: unknown }
    readonly error: { readonly data: { readonly reason: Parameters<typeof wordOf>[2] } }
  }
  if (body.result) return success(response, body.result.data)
  return refusal(wordOf(operations[id].dialect, response.status, body.error.data.reason))
}

export const transports = { rest, trpc } as const
