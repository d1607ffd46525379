import { describe, expect, test } from 'vitest'
import { lazyObject, replaceMembers } from './lazy-object.js'

interface Sample {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly other?: number
}

/** An object that records which names were looked up. */
function sample() {
  const asked: (PropertyKey | undefined)[] = []
  const object = lazyObject<Sample>({ a: 1 }, (name) => {
    asked.push(name)
    if (name === undefined) return { a: 9, b: 2, c: 3 }
    return name === 'b' || name === 'c' ? { b: 2, c: 3 } : {}
  })
  return { object, asked }
}

describe('a lazy object', () => {
  test('looks up each member once, except its own', () => {
    const { object, asked } = sample()
    expect([object.a, object.b, object.c, object.b]).toEqual([1, 2, 3, 2])
    expect(asked).toEqual(['b'])
  })

  test('has no other members', () => {
    expect(sample().object.other).toBeUndefined()
  })

  test('has all members when spread, and its own take precedence', () => {
    const { object } = sample()
    expect({ ...object, b: 5 }).toEqual({ a: 1, b: 5, c: 3 })
  })
})

describe('an object with replaced members', () => {
  test('has the replacements, also when spread, and leaves the object unchanged', () => {
    const { object } = sample()
    const replaced = replaceMembers(object, { b: 7 })
    expect([replaced.a, replaced.b, replaced.c, replaced.other]).toEqual([1, 7, 3, undefined])
    expect({ ...replaceMembers(object, { b: 7 }) }).toEqual({ a: 1, b: 7, c: 3 })
    expect(object.b).toBe(2)
  })

  test('looks up only what is used', () => {
    const { object, asked } = sample()
    expect(replaceMembers(object, { b: 7 }).c).toBe(3)
    expect(asked).toEqual(['c'])
  })
})
