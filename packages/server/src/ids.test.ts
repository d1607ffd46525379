import { randomBytes } from 'node:crypto'
import { timeOfId } from '@hallpass/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from './ids.js'

const zeros = (bytes: number) => Buffer.alloc(bytes)
const ones = (bytes: number) => Buffer.alloc(bytes, 0xff)
const moment = fc.integer({ min: 0, max: 2 ** 48 - 1 })

describe('newId', () => {
  test('is a UUID of version 7, its time in front', () => {
    const now = () => Date.parse('2026-11-21T08:00:00.000Z')
    expect(newId({ now, random: zeros })).toBe('01a1fd1e-8c00-7000-8000-000000000000')
    expect(newId({ now, random: ones })).toMatch(/^01a1fd1e-8c00-7/)
  })

  test('says when it was made, to the millisecond', () => {
    fc.assert(
      fc.property(moment, fc.uint8Array({ minLength: 16, maxLength: 16 }), (now, bytes) => {
        const id = newId({ now: () => now, random: () => Buffer.from(bytes) })
        expect(timeOfId(id)).toBe(now)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  test('ids stand in the order of their times', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const idAt = (now: number) => newId({ now: () => now, random: randomBytes })
        if (a !== b) expect(idAt(a) < idAt(b)).toBe(a < b)
      }),
    )
  })

  test('no two of one millisecond are equal', () => {
    const clock = { now: () => 1_700_000_000_000, random: randomBytes }
    expect(new Set(Array.from({ length: 10_000 }, () => newId(clock))).size).toBe(10_000)
  })
})
