import type { Operation } from '@hallpass/contracts'
import { expect } from 'vitest'
import type { RawHttpResponse } from './raw-http.js'

/** The dialect of an endpoint's refusals, or tRPC's own. */
export type Wording = Operation['dialect'] | 'trpc'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Type and title of the Bridge API's errors, by status. */
const problems: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['/bad_request', 'Bad Request'],
  401: ['/unauthorized', 'Unauthorized'],
  403: ['/forbidden', 'Forbidden'],
  404: ['/not_found', 'Not Found'],
  405: ['/method_not_allowed', 'Method Not Allowed'],
  409: ['/conflict', 'Conflict'],
  413: ['/payload_too_large', 'Payload Too Large'],
  415: ['/unsupported_media_type', 'Unsupported Media Type'],
  422: ['/validation_error', 'Validation Failed'],
  429: ['/rate_limited', 'Too Many Requests'],
}

const shapes: Readonly<Record<Wording, (response: RawHttpResponse) => void>> = {
  envelope({ status, body }) {
    const response = JSON.parse(body)
    expect(Object.keys(response)).toEqual(['data', 'error', 'meta', 'response_type'])
    expect(response.data).toEqual(response.error)
    expect(response.response_type).toBe('error')
    expect(response.meta).toEqual({
      api_request_id: expect.stringMatching(uuid),
      api_request_timestamp: expect.any(String),
    })
    const [type, title] = problems[status] ?? []
    expect(response.error).toMatchObject({ status, type, title, detail: expect.any(String) })
    const { status: _, type: __, title: ___, detail: ____, items, ...more } = response.error
    expect(more).toEqual({})
    if (items !== undefined) expect(items.length).toBeGreaterThan(0)
  },
  code({ status, body }) {
    const { code, detail, status: said, valid_status: _, retry_after: __, ...more } = JSON.parse(body)
    expect([code, detail, said, more]).toEqual([expect.stringMatching(/^[A-Z_]+$/), expect.any(String), status, {}])
  },
  oauth({ body }) {
    const said = { error: expect.stringMatching(/^[a-z_]+$/), error_description: expect.any(String) }
    expect(JSON.parse(body)).toEqual(said)
  },
  text({ headers, body }) {
    expect(body).not.toBe('')
    expect(headers.get('x-error-reason')).toMatch(/^[a-z_]+$/)
    expect(headers.get('vary')).toContain('Origin')
  },
  trpc({ status, body }) {
    const response = JSON.parse(body)
    for (const { error } of Array.isArray(response) ? response : [response]) {
      expect(error).toMatchObject({ message: expect.any(String), code: expect.any(Number) })
      expect(error.data).toMatchObject({
        httpStatus: status,
        reason: expect.any(String),
        request_id: expect.any(String),
      })
      expect(error.data).not.toHaveProperty('stack')
    }
  },
}

/** Expects a refusal below 500 in the dialect of its endpoint, with what every response contains. */
export function expectRefusal(
  wording: Wording,
  response: RawHttpResponse,
  expected?: number | readonly number[],
): void {
  const { status, headers, body } = response
  if (expected !== undefined) expect([expected].flat(), `${status} ${body.slice(0, 300)}`).toContain(status)
  expect(status, body).toBeGreaterThanOrEqual(400)
  expect(status, body).toBeLessThan(500)
  const type = wording === 'text' ? 'text/plain; charset=utf-8' : 'application/json'
  expect(headers.get('content-type'), `${status} ${body}`).toBe(type)
  shapes[wording](response)
  expect(headers.get('request-id')).toBeTruthy()
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('content-security-policy')).toBeTruthy()
  expect(headers.get('cache-control')).toBe('no-store')
  if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  if (status === 405) expect(headers.get('allow')).toBeTruthy()
}
