import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { atMost, filledText, jsonObject, text, texts, uuid, webUrl } from './scalars.js'

const issuesOf = (schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } | undefined } }) => {
  return (value: unknown) => schema.safeParse(value).error?.issues.map((issue) => issue.message)
}
const nested = (levels: number) => {
  let value: Record<string, unknown> = {}
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

describe('text', () => {
  const issues = issuesOf(text())

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
    expect(issues(value)).toEqual(expected)
  })

  test('a custom limit', () => {
    expect(issuesOf(text(255))('x'.repeat(255))).toBeUndefined()
    expect(issuesOf(text(255))('x'.repeat(256))).toEqual(['must be at most 255 characters long'])
  })

  test('is returned exactly as sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1024 }), (value) => {
        if (value.includes('\u0000') || value.length > 1024) return
        expect(text().parse(value)).toBe(value)
      }),
    )
  })

  test('filled text must not be empty', () => {
    expect(issuesOf(filledText())('')).toEqual(['must not be empty'])
    expect(issuesOf(filledText())(' ')).toBeUndefined()
    expect(issuesOf(filledText())('\u0000')).toEqual(['must not contain NUL'])
  })
})

describe('webUrl', () => {
  const issues = issuesOf(webUrl)

  test.each([
    ['an https URL', 'https://cdn.example/ada.png', undefined],
    ['another scheme', 'data:image/png;base64,AAAA', ['must be an http or https URL']],
    ['1,024 characters', `https://cdn.example/${'x'.repeat(1004)}`, undefined],
    ['1,025 characters', `https://cdn.example/${'x'.repeat(1005)}`, ['must be at most 1024 characters long']],
    ['NUL', 'https://cdn.example/a\u0000b', ['must not contain NUL']],
    ['a lone surrogate', 'https://cdn.example/\ud83d', ['must be well-formed Unicode']],
  ])('%s', (_, value, expected) => {
    expect(issues(value)).toEqual(expected)
  })
})

describe('atMost', () => {
  test('reports only the length if a list is too long', () => {
    const issues = issuesOf(atMost(2, z.array(filledText())))
    expect(issues(['a', 'b'])).toBeUndefined()
    expect(issues(['', 1])).toHaveLength(2)
    expect(issues(['', 1, 'c'])).toEqual(['must have at most 2 items'])
  })
})

describe('texts', () => {
  const copy = texts({ greeting: text().default('') })

  test('accepts texts with any name in addition to its own fields', () => {
    expect(copy.parse({ Grüße: 'Hallo' })).toEqual({ greeting: '', Grüße: 'Hallo' })
    expect(issuesOf(copy)([])).toEqual(['Invalid input: expected object, received array'])
  })

  test('accepts at most 500 members', () => {
    const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, '']))
    expect(issuesOf(copy)(members(500))).toBeUndefined()
    expect(issuesOf(copy)({ ...members(501), greeting: 1 })).toEqual(['must have at most 500 members'])
  })

  test.each([
    ['1,025 characters', 'x'.repeat(1025), 'has a member whose name must be at most 1024 characters long'],
    ['NUL', 'a\u0000b', 'has a member whose name must not contain NUL'],
    ['a lone surrogate', 'a\ud83d', 'has a member whose name must be well-formed Unicode'],
    ['__proto__', '__proto__', 'must not contain a member called __proto__'],
  ])('rejects a name with %s instead of dropping it', (_, name, issue) => {
    expect(issuesOf(copy)(JSON.parse(`{${JSON.stringify(name)}:"x"}`))).toEqual([issue])
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

  test('is converted to lower case', () => {
    expect(uuid.parse('182BD5E5-6E1A-4FE4-A799-AA6D9A6AB26E')).toBe('182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e')
  })
})

describe('jsonObject', () => {
  const issues = issuesOf(jsonObject)
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
    ['bytes count, not characters', { a: '€'.repeat(700), b: '€'.repeat(700) }, ['must be at most 4096 bytes of JSON']],
    ['32 levels', nested(32), undefined],
    ['33 levels', nested(33), ['must be nested at most 32 levels deep']],
    ['arrays nest too', { a: JSON.parse('['.repeat(40) + ']'.repeat(40)) }, ['must be nested at most 32 levels deep']],
    ['Infinity', { a: [1, Number.POSITIVE_INFINITY] }, ['must not contain a number that is out of range']],
    ['NaN', { a: { b: Number.NaN } }, ['must not contain a number that is out of range']],
    ['1e999 in JSON', JSON.parse('{"a":1e999}'), ['must not contain a number that is out of range']],
    ['a long string', { a: 'x'.repeat(1025) }, ['must not contain a string of more than 1024 characters']],
    ['a long name', { ['x'.repeat(1025)]: 1 }, ['must not contain a string of more than 1024 characters']],
    ['NUL in a value', { a: ['\u0000'] }, ['must not contain NUL']],
    ['NUL in a name', { 'a\u0000': 1 }, ['must not contain NUL']],
    ['a lone surrogate in a name', { '\ud800': 1 }, ['must be well-formed Unicode']],
    ['null, false and numbers', { a: null, b: false, c: -1.5 }, undefined],
  ])('%s', (_, value, expected) => {
    expect(issues(value)).toEqual(expected)
  })

  test.each([[null], [[]], ['text'], [1]])('%j is not an object', (value) => {
    expect(jsonObject.safeParse(value).success).toBe(false)
  })

  test('deep nesting does not overflow the stack', () => {
    expect(issues(nested(100_000))).toEqual(['must be nested at most 32 levels deep'])
  })

  test('accepted values serialize to the same JSON', () => {
    const name = fc.string().filter((text) => text !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (value) => {
        const parsed = jsonObject.safeParse(value)
        if (parsed.success) expect(JSON.stringify(parsed.data)).toBe(JSON.stringify(value))
      }),
    )
  })

  test.each(['{"__proto__":{"admin":true},"a":1}', '{"a":{"__proto__":{"admin":true}}}'])(
    'a member called __proto__ is kept or rejected, never silently dropped: %s',
    (json) => {
      const parsed = jsonObject.safeParse(JSON.parse(json))
      if (parsed.success) expect(JSON.stringify(parsed.data)).toBe(json)
    },
  )
})
