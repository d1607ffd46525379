import { expect } from 'vitest'

/**
 * Expects a refusal of a visitor endpoint: plain text, byte for byte if a string is given, with its reason in a header.
 */
export async function expectText(response: Response, status: number, words: string | RegExp): Promise<void> {
  const body = await response.text()
  expect({ status: response.status, body }).toEqual({
    status,
    body: typeof words === 'string' ? words : expect.stringMatching(words),
  })
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(response.headers.get('x-error-reason')).toMatch(/^[a-z_]+$/)
  expect(response.headers.get('vary')).toContain('Origin')
}

/** Everything in a response that a caller can see, without the parts that differ between any two requests. */
export async function visible(response: Response): Promise<{ status: number; headers: object; body: string }> {
  const headers = Object.fromEntries(response.headers)
  delete headers['request-id']
  delete headers.date
  return { status: response.status, headers, body: await response.text() }
}
