import { isPlainObject, type Operation } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { readFields } from './read-fields.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

/** Refuses a body of a type that the transport doesn't accept. A request without a body always passes. */
export function requireContentType(request: FastifyRequest, body: 'json' | 'form'): void {
  const { headers } = request.inbound
  if (headers.count('content-encoding') > 0) {
    throw new HallpassError('unsupported_media_type', messages.contentEncoding)
  }
  if (headers.count('content-type') > 1) {
    throw new HallpassError('invalid_header', messages.repeatedHeader('Content-Type'))
  }
  const contentType = headers.get('content-type')
  if (contentType === undefined && !bodyOf(request)?.length) return
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (type === mediaTypes[body] && parameters.every(isHarmless)) return
  throw new HallpassError('unsupported_media_type', messages.contentType(mediaTypes[body]))
}

/** The raw input of a REST request: path and query fields, or the body. */
export function restInput(operation: Operation, request: FastifyRequest): unknown {
  const query = readFields(queryOf(request), operation.queryFields ?? [])
  if (operation.body === 'json') return withPathFields(operation, request)
  if (operation.body === 'form') return readFields(textBody(request), fieldsOf(operation))
  const params = request.params as Record<string, string>
  const path = (operation.pathFields ?? []).map((name) => [name, params[name]])
  return { ...Object.fromEntries(path), ...query }
}

const fieldsOf = ({ input }: Operation) => (input instanceof z.ZodObject ? Object.keys(input.shape) : [])

/** The body with the path fields added. If all input is in the path, the body may be missing. */
function withPathFields(operation: Operation, request: FastifyRequest): unknown {
  if (!operation.pathFields) return jsonBody(request)
  const body = bodyOf(request)?.length ? jsonBody(request) : {}
  return isPlainObject(body) ? { ...body, ...(request.params as Record<string, string>) } : body
}

/** The JSON body (RFC 8259). */
export function jsonBody(request: FastifyRequest): unknown {
  return parseJson(textBody(request), 'body')
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HallpassError('malformed_request', messages.invalidJson(what))
  }
}

/** The query of a request, undecoded. */
export function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}

function textBody(request: FastifyRequest): string {
  try {
    return utf8.decode(bodyOf(request))
  } catch {
    throw new HallpassError('malformed_request', messages.invalidUtf8)
  }
}

/** The server's only content type parser returns the bytes unchanged. */
const bodyOf = (request: FastifyRequest) => request.body as Buffer | undefined

const isHarmless = (parameter: string) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter)
