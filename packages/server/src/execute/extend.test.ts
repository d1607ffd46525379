import { expect, test } from 'vitest'
import { extend } from './extend.js'

test('has its own members and those of the base, which stays as it is', () => {
  const base = { clock: 'c', store: 's' }
  const within = extend(base, { store: 'tx', account: 'a' })
  const again = extend(within, { clock: 'd' })
  const { clock, store, account } = again
  expect([clock, store, account]).toEqual(['d', 'tx', 'a'])
  expect(within.clock).toBe('c')
  expect(base).toEqual({ clock: 'c', store: 's' })
})

test('an extended object inherits from the first base alone', () => {
  const services = { clock: 'c' }
  const again = extend(extend(extend(services, { a: 1 }), { b: 2 }), { a: 3 })
  expect(Object.getPrototypeOf(again)).toBe(services)
  expect({ ...again }).toEqual({ a: 3, b: 2 })
})
