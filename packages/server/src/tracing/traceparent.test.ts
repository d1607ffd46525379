import { describe, expect, test } from 'vitest'
import { formatTraceparent, readTraceparent } from './traceparent.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const headersOf = (...values: string[]) => ({ get: () => values[0], count: () => values.length })

describe('readTraceparent', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, 1],
    [`00-${traceId}-${spanId}-00`, 0],
    // unknown flags are not passed on
    [`00-${traceId}-${spanId}-ff`, 1],
    [`cc-${traceId}-${spanId}-01`, 1],
    [`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`, 1],
  ])('continues %s', (header, traceFlags) => {
    const read = readTraceparent(headersOf(header))
    expect(read).toEqual({ traceId, spanId, traceFlags })
    expect(read && formatTraceparent(read)).toBe(`00-${traceId}-${spanId}-0${traceFlags}`)
  })

  test.each([
    [''],
    ['00'],
    [`00-${traceId}-${spanId}`],
    [`00-${traceId}-${spanId}-1`],
    [`00-${traceId}-${spanId}-01-more`],
    [`cc-${traceId}-${spanId}-01.more`],
    [`ff-${traceId}-${spanId}-01`],
    [`00-${traceId.toUpperCase()}-${spanId}-01`],
    [`00-${'0'.repeat(32)}-${spanId}-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId}x-${spanId}-01`],
    [` 00-${traceId}-${spanId}-01`],
    [`00-${traceId}-${spanId}-01\n`],
    [`cc-${traceId}-${spanId}-01-${'x'.repeat(200)}`],
  ])('ignores %j', (header) => {
    expect(readTraceparent(headersOf(header))).toBeUndefined()
  })

  test('ignores a header that is missing or was sent twice', () => {
    expect(readTraceparent(headersOf())).toBeUndefined()
    const header = `00-${traceId}-${spanId}-01`
    expect(readTraceparent(headersOf(header, header))).toBeUndefined()
  })
})
