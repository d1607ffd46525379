import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText, InvalidText } from './decode-text.js'

const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))
const bom = [0xef, 0xbb, 0xbf]

function messageOf(value: Uint8Array): string {
  try {
    decodeText(value)
  } catch (error) {
    if (error instanceof InvalidText) return error.message
  }
  throw new Error('The bytes were accepted.')
}

describe('decodeText', () => {
  test('any text comes back, with or without a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, marked) => {
        fc.pre(!text.startsWith('\ufeff'))
        expect(decodeText(marked ? bytes(bom, text) : bytes(text))).toBe(text)
      }),
    )
  })

  test.each<[what: string, value: Buffer, offset: number]>([
    ['Latin-1', bytes('{"name":"J', [0xf6], 'rg"}'), 10],
    ['a sequence that ends early', bytes('a€', [0xe2, 0x82], 'b'), 4],
    ['a sequence that the file cuts off', bytes('a€', [0xe2, 0x82]), 4],
    ['an overlong sequence', bytes('ab', [0xc0, 0xaf]), 2],
    ['a surrogate', bytes('abc', [0xed, 0xa0, 0x80]), 3],
    ['a byte order mark before the fault', bytes(bom, 'a', [0xff]), 4],
  ])('names the offset of the first invalid byte: %s', (_what, value, offset) => {
    expect(messageOf(value)).toBe(`is not valid UTF-8 at byte ${offset} (counted from 0)`)
  })

  test('the offset is the number of valid bytes before it, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array(), (text, rest) => {
        const value = bytes(text, [0xff], [...rest])
        expect(messageOf(value)).toContain(`at byte ${Buffer.byteLength(text)} `)
      }),
    )
  })

  test('reports that a file looks like UTF-16', () => {
    expect(messageOf(bytes([0xff, 0xfe], [...Buffer.from('{}', 'utf16le')]))).toMatch(/at byte 0 .*UTF-16/)
  })
})
