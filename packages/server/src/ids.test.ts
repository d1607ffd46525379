import { randomBytes } from 'node:crypto'
import { timeOfId } from '@hallpass/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId, randomUuid } from './ids.js'

const zeros = (bytes: number) => Buffer.alloc(bytes)
const ones = (bytes: number) => Buffer.alloc(bytes, 0xff)
const moment = fc.integer({ min: 0, max: 2 ** 48 - 1 })

describe('newId', () => {
  test('is a UUID of version 7 that begins with its time', () => {
    const now = () => Date.parse('2026-11-21T08:00:00.000Z')
    expect(newId({ now, random: zeros })).toBe('01a1fd1e-8c00-7000-8000-000000000000')
    expect(newId({ now, random: ones })).toMatch(/^01a1fd1e-8c00-7/)
  })

  test('matches the example in RFC 9562, appendix A.6', () => {
    const bytes = Buffer.from('0000000000000cc318c4dc0c0c07398f', 'hex')
    expect(newId({ now: () => 0x017f22e279b0, random: () => bytes })).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  test('contains its time of creation, to the millisecond', () => {
    fc.assert(
      fc.property(moment, fc.uint8Array({ minLength: 16, maxLength: 16 }), (now, bytes) => {
        const id = newId({ now: () => now, random: () => Buffer.from(bytes) })
        expect(timeOfId(id)).toBe(now)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  test('ids sort in the order of their times', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const idAt = (now: number) => newId({ now: () => now, random: randomBytes })
        if (a !== b) expect(idAt(a) < idAt(b)).toBe(a < b)
      }),
    )
  })

  test('two ids of the same millisecond differ', () => {
    const clock = { now: () => 1_700_000_000_000, random: randomBytes }
    expect(new Set(Array.from({ length: 10_000 }, () => newId(clock))).size).toBe(10_000)
  })
})

describe('randomUuid', () => {
  test('is a UUID of version 4', () => {
    expect(randomUuid({ random: zeros })).toBe('00000000-0000-4000-8000-000000000000')
    expect(randomUuid({ random: ones })).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
  })

  test('matches the example in RFC 9562, appendix A.3', () => {
    const bytes = Buffer.from('919108f752d133205bacf847db4148a8', 'hex')
    expect(randomUuid({ random: () => bytes })).toBe('919108f7-52d1-4320-9bac-f847db4148a8')
  })

  test('two ids differ', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => randomUuid({ random: randomBytes }))).size).toBe(10_000)
  })
})
