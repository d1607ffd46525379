import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.js'

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

/** The same value with the members of every object in a different order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, reversed(member)] as const)
  return Object.fromEntries(members.reverse())
}

describe('canonicalJson', () => {
  test.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: null }, '{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}'],
    [{ é: 1, z: 2, Z: 3, 10: 4, 9: 5 }, '{"9":5,"10":4,"Z":3,"z":2,"é":1}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    ['text', '"text"'],
    [null, 'null'],
  ])('%j is %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected)
  })

  test('the order of members never matters', () => {
    fc.assert(fc.property(json, (value) => canonicalJson(reversed(value)) === canonicalJson(value)))
  })

  test('white space never matters', () => {
    fc.assert(
      fc.property(json, (value) => canonicalJson(JSON.parse(JSON.stringify(value, null, 3))) === canonicalJson(value)),
    )
  })

  test('different values differ', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(isDeepStrictEqual(a, b))
      }),
    )
  })

  test.each([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [{ a: [] }, { a: {} }],
    [{ a: { b: 1 } }, { 'a.b': 1 }],
    [JSON.parse('{"__proto__":{"a":1}}'), {}],
    [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}')],
  ])('%j is not %j', (a, b) => {
    expect(canonicalJson(a)).not.toBe(canonicalJson(b))
  })

  test('the text parses to the same value', () => {
    fc.assert(fc.property(json, (value) => isDeepStrictEqual(JSON.parse(canonicalJson(value)), value)))
  })
})
