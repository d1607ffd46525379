import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { atMost, filledText, jsonObject, languageTag, text, texts, uuid, webUrl } from './scalars.js'

const faultOf = (schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } | undefined } }) => {
  return (value: unknown) => schema.safeParse(value).error?.issues.map((issue) => issue.message)
}
const nested = (levels: number) => {
  let value: Record<string, unknown> = {}
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

describe('text', () => {
  const fault = faultOf(text())

  test.each([
    ['the empty text', '', undefined],
    ['1,024 characters', 'x'.repeat(1024), undefined],
    ['1,025 characters', 'x'.repeat(1025), ['must be at most 1024 characters long']],
    ['NUL', 'a\u0000b', ['must not contain NUL']],
    ['a lone high surrogate', 'a\ud83d', ['must be well-formed Unicode']],
    ['a lone low surrogate', '\ude00a', ['must be well-formed Unicode']],
    ['a pair of surrogates', '😀', undefined],
    ['other control characters', '\t\n\u0001\u007f', undefined],
  ])('%s', (_, value, expected) => {
    expect(fault(value)).toEqual(expected)
  })

  test('a limit of its own', () => {
    expect(faultOf(text(255))('x'.repeat(255))).toBeUndefined()
    expect(faultOf(text(255))('x'.repeat(256))).toEqual(['must be at most 255 characters long'])
  })

  test('is given back exactly as it was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1024 }), (value) => {
        if (value.includes('\u0000') || value.length > 1024) return
        expect(text().parse(value)).toBe(value)
      }),
    )
  })

  test('filled text must say something', () => {
    expect(faultOf(filledText())('')).toEqual(['must not be empty'])
    expect(faultOf(filledText())(' ')).toBeUndefined()
    expect(faultOf(filledText())('\u0000')).toEqual(['must not contain NUL'])
  })
})

describe('webUrl', () => {
  const fault = faultOf(webUrl)

  test.each([
    ['a URL of the web', 'https://cdn.example/ada.png', undefined],
    ['another scheme', 'data:image/png;base64,AAAA', ['Invalid URL']],
    ['1,024 characters', `https://cdn.example/${'x'.repeat(1004)}`, undefined],
    ['1,025 characters', `https://cdn.example/${'x'.repeat(1005)}`, ['must be at most 1024 characters long']],
    ['NUL', 'https://cdn.example/a\u0000b', ['must not contain NUL']],
    ['a lone surrogate', 'https://cdn.example/\ud83d', ['must be well-formed Unicode']],
  ])('%s', (_, value, expected) => {
    expect(fault(value)).toEqual(expected)
  })
})

describe('atMost', () => {
  test('reports a list that is too long once, whatever its items are', () => {
    const fault = faultOf(atMost(2, z.array(filledText())))
    expect(fault(['a', 'b'])).toBeUndefined()
    expect(fault(['', 1])).toHaveLength(2)
    expect(fault(['', 1, 'c'])).toEqual(['must hold at most 2 items'])
  })
})

describe('texts', () => {
  const copy = texts({ greeting: text().default('') })

  test('takes texts of any name beside its own', () => {
    expect(copy.parse({ Grüße: 'Hallo' })).toEqual({ greeting: '', Grüße: 'Hallo' })
    expect(faultOf(copy)([])).toEqual(['Invalid input: expected object, received array'])
  })

  test('takes 500 members and no more', () => {
    const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, '']))
    expect(faultOf(copy)(members(500))).toBeUndefined()
    expect(faultOf(copy)({ ...members(501), greeting: 1 })).toEqual(['must hold at most 500 members'])
  })

  test.each([
    ['1,025 characters', 'x'.repeat(1025), 'has a member whose name must be at most 1024 characters long'],
    ['NUL', 'a\u0000b', 'has a member whose name must not contain NUL'],
    ['a lone surrogate', 'a\ud83d', 'has a member whose name must be well-formed Unicode'],
    ['__proto__', '__proto__', 'must not contain a member called __proto__'],
  ])('refuses a name with %s, and leaves none out', (_, name, words) => {
    expect(faultOf(copy)(JSON.parse(`{${JSON.stringify(name)}:"x"}`))).toEqual([words])
  })
})

describe('uuid', () => {
  test.each([
    ['182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', true],
    ['01a1fd3a-c62d-7ea6-8b6d-a97e08d21893', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['0f9b0f9b-0f9b-0f9b-0f9b-0f9b0f9b0f9b', true],
    ['182bd5e56e1a4fe4a799aa6d9a6ab26e', false],
    ['{182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e}', false],
    ['182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e\n', false],
    [' 182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', false],
    ['182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26g', false],
    ['', false],
  ])('%j: %s', (value, expected) => {
    expect(uuid.safeParse(value).success).toBe(expected)
  })

  test('is in lower case once parsed', () => {
    expect(uuid.parse('182BD5E5-6E1A-4FE4-A799-AA6D9A6AB26E')).toBe('182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e')
  })
})

test.each([
  ['en', true],
  ['pt-BR', true],
  ['zh-Hant-TW', true],
  ['de-CH-1996', true],
  ['', false],
  ['e', false],
  ['en_US', false],
  ['en-', false],
  ['en\n', false],
  [`en${'-abcdefgh'.repeat(4)}`, false],
])('language tag %j: %s', (value, expected) => {
  expect(languageTag.safeParse(value).success).toBe(expected)
})

describe('jsonObject', () => {
  const fault = faultOf(jsonObject)
  const sized = (bytes: number) => {
    const value = { a: '', b: '', c: '', d: '', e: '' }
    const rest = bytes - JSON.stringify(value).length
    const each = Math.floor(rest / 5)
    return {
      ...value,
      a: 'x'.repeat(rest - 4 * each),
      b: 'x'.repeat(each),
      c: 'x'.repeat(each),
      d: 'x'.repeat(each),
      e: 'x'.repeat(each),
    }
  }

  test.each([
    ['4,096 bytes', sized(4096), undefined],
    ['4,097 bytes', sized(4097), ['must be at most 4096 bytes of JSON']],
    ['2,049 items', { a: Array(2049).fill('\u0000') }, ['must be at most 4096 bytes of JSON']],
    ['bytes, not characters', { a: '€'.repeat(700), b: '€'.repeat(700) }, ['must be at most 4096 bytes of JSON']],
    ['32 levels', nested(32), undefined],
    ['33 levels', nested(33), ['must be nested at most 32 levels deep']],
    ['arrays nest too', { a: JSON.parse('['.repeat(40) + ']'.repeat(40)) }, ['must be nested at most 32 levels deep']],
    ['Infinity', { a: [1, Number.POSITIVE_INFINITY] }, ['must not contain a number out of range']],
    ['NaN', { a: { b: Number.NaN } }, ['must not contain a number out of range']],
    ['1e999 as it comes from JSON', JSON.parse('{"a":1e999}'), ['must not contain a number out of range']],
    ['a long string', { a: 'x'.repeat(1025) }, ['must hold strings of at most 1024 characters']],
    ['a long name', { ['x'.repeat(1025)]: 1 }, ['must hold strings of at most 1024 characters']],
    ['NUL in a value', { a: ['\u0000'] }, ['must not contain NUL']],
    ['NUL in a name', { 'a\u0000': 1 }, ['must not contain NUL']],
    ['a lone surrogate in a name', { '\ud800': 1 }, ['must be well-formed Unicode']],
    ['null, false and numbers', { a: null, b: false, c: -1.5 }, undefined],
  ])('%s', (_, value, expected) => {
    expect(fault(value)).toEqual(expected)
  })

  test.each([[null], [[]], ['text'], [1]])('%j is no object', (value) => {
    expect(jsonObject.safeParse(value).success).toBe(false)
  })

  test('no nesting exhausts the stack', () => {
    expect(fault(nested(100_000))).toEqual(['must be nested at most 32 levels deep'])
  })

  test('what it takes comes out as the same JSON', () => {
    const name = fc.string().filter((text) => text !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (value) => {
        const parsed = jsonObject.safeParse(value)
        if (parsed.success) expect(JSON.stringify(parsed.data)).toBe(JSON.stringify(value))
      }),
    )
  })

  test.each(['{"__proto__":{"admin":true},"a":1}', '{"a":{"__proto__":{"admin":true}}}'])(
    'a member called __proto__ is kept or refused, never dropped in silence: %s',
    (json) => {
      const parsed = jsonObject.safeParse(JSON.parse(json))
      if (parsed.success) expect(JSON.stringify(parsed.data)).toBe(json)
    },
  )
})
