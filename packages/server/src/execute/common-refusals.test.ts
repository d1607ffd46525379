import { expect, test } from 'vitest'
import { HallpassError } from '../errors.js'
import { StoreUnavailable } from '../store/failure.js'
import { toHallpassError } from './common-refusals.js'

test('a refusal stays the same, a database error becomes 503, and any other error 500', () => {
  const refusal = new HallpassError('not_found', 'No such card.')
  expect(toHallpassError(refusal)).toBe(refusal)
  for (const [cause, reason] of [
    [new StoreUnavailable('gone'), 'unavailable'],
    [new Error('a bug'), 'internal_error'],
    ['a string', 'internal_error'],
  ] as const) {
    const found = toHallpassError(cause)
    expect(found).toBeInstanceOf(HallpassError)
    expect(found).toMatchObject({ reason, details: { cause } })
    expect(found.message).not.toContain(String(cause))
  }
})
