import { expect, test } from 'vitest'
import { WidgetSessionError } from './browser/errors.js'
import { HallpassClientError } from './errors.js'
import { HallpassError } from './hallpass-error.js'
import { HoldEndedError } from './verify/hold/hold-ended.js'

const details = { status: 429, retryAfter: 3, requestId: 'r1', cause: new Error('the cause') }

test.each([
  new HallpassClientError('rate_limited', 'Too many requests.', details),
  new WidgetSessionError('rate_limited', 'Too many requests.', details),
])('$name is a HallpassError with reason, status, retryAfter and requestId', (error) => {
  expect(error).toBeInstanceOf(HallpassError)
  expect(error).toMatchObject({ reason: 'rate_limited', message: 'Too many requests.', ...details })
  expect(error.name).toBe(error.constructor.name)
})

test('the end of a held connection is a HallpassError', () => {
  expect(new HoldEndedError('revoked')).toBeInstanceOf(HallpassError)
  expect(new HoldEndedError('revoked')).toMatchObject({ name: 'HoldEndedError', reason: 'revoked', status: undefined })
})
