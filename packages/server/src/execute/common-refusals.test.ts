import { expect, test } from 'vitest'
import { HallpassError } from '../errors.js'
import { StoreUnavailable } from '../store/failure.js'
import { toHallpassError } from './common-refusals.js'

test('an error becomes the refusal it is, 503 for the database, and 500 for anything else', () => {
  const refusal = new HallpassError('not_found', 'No such card.')
  expect(toHallpassError(refusal)).toBe(refusal)
  for (const [cause, reason] of [
    [new StoreUnavailable('gone'), 'unavailable'],
    [new Error('a bug'), 'internal_error'],
    ['a text', 'internal_error'],
  ] as const) {
    const found = toHallpassError(cause)
    expect(found).toBeInstanceOf(HallpassError)
    expect(found).toMatchObject({ reason, details: { cause } })
    expect(found.message).not.toContain(String(cause))
  }
})
