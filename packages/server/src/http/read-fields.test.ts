import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HallpassError } from '../errors.js'
import { readFields } from './read-fields.js'

const names = ['a', 'b', '__proto__', 'c d']
const manyNames = (count: number) => Array.from({ length: count }, (_, i) => `n${i}=1`).join('&')

describe('readFields', () => {
  test.each([
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a', { a: '' }],
    ['x=1&b=%2B+%zz', { b: '+ %zz' }],
    ['c+d=1', { 'c d': '1' }],
    ['=1&&&a=2', { a: '2' }],
  ])('reads %j as %j', (text, fields) => {
    expect(readFields(text, names)).toEqual(fields)
  })

  test('a field named __proto__ is an ordinary field', () => {
    const fields = readFields('__proto__=1', names)
    expect(Object.keys(fields)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
  })

  test('accepts any 64 parameters and refuses 65', () => {
    expect(readFields(`a=1&${manyNames(63)}`, names)).toEqual({ a: '1' })
    expect(readFields(`${'&'.repeat(5000)}a=1`, names)).toEqual({ a: '1' })
    for (const text of [`a=1&${manyNames(64)}`, 'a=1&'.repeat(65), manyNames(65)]) {
      for (const wanted of [names, []]) {
        const refused = new HallpassError('malformed_request', 'A query or form holds at most 64 parameters.')
        expect(() => readFields(text, wanted)).toThrow(refused)
      }
    }
  })

  test('reads every field as URLSearchParams does', () => {
    const part = fc.oneof(fc.constantFrom(...names, '%61', 'a=', '+', '%'), fc.string({ maxLength: 5 }))
    const query = fc.array(part, { maxLength: 20 }).map((parts) => parts.join('&'))
    fc.assert(
      fc.property(query, (text) => {
        const params = new URLSearchParams(text)
        const expected = names
          .filter((name) => params.has(name))
          .map((name) => [name, params.getAll(name)] as const)
          .map(([name, values]) => [name, values.length === 1 ? values[0] : values])
        expect(readFields(text, names)).toEqual(Object.fromEntries(expected))
      }),
    )
  })
})
