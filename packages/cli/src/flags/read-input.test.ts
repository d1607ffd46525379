import { isPlainObject } from '@hallpass/contracts/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasAt, mergeInput } from './read-input.js'

describe('mergeInput', () => {
  test('flags override the body and leave other fields unchanged', () => {
    const body = { external_id: 'a', config: { processing_method: 'skip', sandbox_outcome: 'active' } }
    expect(
      mergeInput(body, [
        { path: ['config', 'processing_method'], value: 'inline' },
        { path: ['customer_id'], value: 'c' },
      ]),
    ).toEqual({
      external_id: 'a',
      config: { processing_method: 'inline', sandbox_outcome: 'active' },
      customer_id: 'c',
    })
  })

  test('a flag for an object replaces the object of the body', () => {
    expect(mergeInput({ traits: { a: 1 } }, [{ path: ['traits'], value: { b: 2 } }])).toEqual({ traits: { b: 2 } })
  })

  test('a flag for a member replaces a value that is not an object', () => {
    expect(mergeInput({ config: 5 }, [{ path: ['config', 'a'], value: 1 }])).toEqual({ config: { a: 1 } })
  })

  test('its arguments are not modified', () => {
    const body = { config: { a: 1 } }
    mergeInput(body, [{ path: ['config', 'b'], value: 2 }])
    expect(body).toEqual({ config: { a: 1 } })
  })

  test('the order of flags does not matter', () => {
    const given = fc.uniqueArray(
      fc.record({
        path: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
        value: fc.jsonValue(),
      }),
      { selector: ({ path }) => path.join('.') },
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), given, (body, flags) => {
        expect(mergeInput(body, flags.toReversed())).toEqual(mergeInput(body, flags))
      }),
    )
  })

  test('setting every member equals setting the whole object', () => {
    const name = fc.string().filter((text) => text !== '')
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue(), { minKeys: 1 }), (config) => {
        const members = Object.entries(config).map(([key, value]) => ({ path: ['config', key], value }))
        expect(mergeInput({}, members)).toEqual(mergeInput({}, [{ path: ['config'], value: config }]))
      }),
    )
  })

  test('__proto__ is treated like any other name', () => {
    const body: unknown = JSON.parse('{"__proto__": {"polluted": true}}')
    const merged = mergeInput(isPlainObject(body) ? body : {}, [{ path: ['a'], value: 1 }])
    expect(Object.keys(merged)).toEqual(['__proto__', 'a'])
    expect(merged.polluted).toBeUndefined()
  })
})

test('hasAt counts null but no inherited members', () => {
  expect(hasAt({ a: { b: null } }, ['a', 'b'])).toBe(true)
  expect(hasAt({ a: {} }, ['a', 'toString'])).toBe(false)
})
