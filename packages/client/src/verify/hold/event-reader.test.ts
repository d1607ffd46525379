import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventReader } from './event-reader.js'

const readAll = (...parts: string[]) => parts.flatMap(createEventReader(1_000))

describe('the reader of Server-Sent Events', () => {
  test.each<[string, string, string[]]>([
    ['an event', 'data: a\n\n', ['a']],
    ['an event without a space', 'data:a\n\n', ['a']],
    ['an event of two lines', 'data: a\ndata: b\n\n', ['a\nb']],
    ['other fields, which it ignores', 'id: 1\nevent: x\nretry: 5\ndata: a\ndatum: b\n\n', ['a']],
    ['a comment, which is not an event', ':\n\n', []],
    ['an empty event', 'data\n\n', ['']],
    ['an unfinished event, which it withholds', 'data: a\n', []],
  ])('reads %s', (_, text, events) => {
    expect(readAll(text)).toEqual(events)
  })

  test('reads the same for any chunks and any line endings', () => {
    const line = fc.constantFrom('data: a', 'data:', 'data: b c', ':', '', 'id: 1')
    const end = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(fc.array(line), end, fc.array(fc.nat(200)), (lines, lineEnd, cuts) => {
        const whole = lines.map((one) => `${one}\n`).join('')
        const text = lines.map((one) => one + lineEnd).join('')
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
        const parts = places.slice(1).map((to, index) => text.slice(places[index], to))
        // a carriage return ends a line only once the next character is known
        expect(readAll(...parts, ':\n')).toEqual(readAll(whole))
      }),
    )
  })

  test('throws at an event that is too long: in one line, in many, and in an unfinished line', () => {
    expect(() => readAll(`data: ${'a'.repeat(1_001)}\n\n`)).toThrow('too long')
    expect(() => readAll(...Array(300).fill('data: aaaa\n'))).toThrow('too long')
    expect(() => readAll(...Array(300).fill('aaaa'))).toThrow('too long')
  })
})
