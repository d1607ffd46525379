import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoDay, isoTime } from './iso-time.js'

const around = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 })

test('is what Date says, whatever was asked before', () => {
  fc.assert(
    fc.property(around, fc.array(fc.integer({ min: -3_000, max: 3_000 }), { maxLength: 5 }), (start, steps) => {
      const times = [start, ...steps.map((step) => start + step)].filter((time) => Math.abs(time) <= 8.64e15)
      for (const time of times) {
        expect(isoTime(time)).toBe(new Date(time).toISOString())
        expect(isoDay(time)).toBe(new Date(time).toISOString().slice(0, 10))
      }
    }),
  )
})
