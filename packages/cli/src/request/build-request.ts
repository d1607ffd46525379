import { encodeRequest, type Operation, requestHeaders } from '@hallpass/contracts'
import type { Globals } from '../globals.js'
import { readVersion } from '../version.js'
import type { Outgoing } from './send-request.js'

/** Builds the REST request of one call. The secret key is sent only to operations that require it. */
export function buildRequest(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { globals, headers }: { globals: Pick<Globals, 'apiKey' | 'baseUrl'>; headers: Readonly<Record<string, string>> },
): Outgoing {
  const { method, target, contentType, body } = encodeRequest(operation, input)
  const { apiKey, baseUrl } = globals
  const bySecretKey = operation.caller.by === 'secret_key' && apiKey !== undefined
  return {
    method,
    url: baseUrl + target,
    headers: {
      Accept: operation.dialect === 'text' ? 'application/json, text/plain' : 'application/json',
      'User-Agent': `hallpass-cli/${readVersion()}`,
      ...(contentType && { 'Content-Type': contentType }),
      ...(bySecretKey && { [requestHeaders.authorization]: `Bearer ${apiKey}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  }
}
