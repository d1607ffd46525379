import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open, seal, sealDeterministic, sealNonceBytes, shortNonceBytes } from './seal.js'

const key = Buffer.alloc(32, 1)
const nonceKey = Buffer.alloc(32, 2)
const nonce = Buffer.alloc(sealNonceBytes, 3)
const text = fc.string({ unit: 'binary', maxLength: 200 })

describe('seal', () => {
  test('writes nonce, ciphertext and tag as base64url', () => {
    expect(seal(key, nonce, 'hello', 'context')).toBe('AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDWJf6brI7MlIwN2_7RfQeBm-SbKW5')
  })

  test('with a short nonce writes AES-256-GCM, byte for byte as older databases have it', () => {
    const short = 'AwMDAwMDAwMDAwMDkAR49pB_ZUUOlJbO2_OxbbnMr73V'
    expect(seal(key, Buffer.alloc(shortNonceBytes, 3), 'hello', 'context')).toBe(short)
    expect(open(key, short, 'context', shortNonceBytes)).toBe('hello')
    expect(open(key, short, 'context')).toBeUndefined()
  })

  test('opens again to the same text', () => {
    fc.assert(
      fc.property(text, text, (plaintext, context) => {
        expect(open(key, seal(key, randomBytes(sealNonceBytes), plaintext, context), context)).toBe(plaintext)
      }),
    )
  })

  test('fails to open with any flipped bit', () => {
    const sealed = Buffer.from(seal(key, nonce, 'some plaintext', 'context'), 'base64url')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bent = Buffer.from(sealed)
      bent.writeUInt8(bent.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(open(key, bent.toString('base64url'), 'context')).toBeUndefined()
    }
  })

  test('fails to open if it is cut anywhere', () => {
    const sealed = Buffer.from(seal(key, nonce, 'some plaintext', 'context'), 'base64url')
    for (let length = 0; length < sealed.length; length++) {
      expect(open(key, sealed.subarray(0, length).toString('base64url'), 'context')).toBeUndefined()
    }
  })

  test('fails to open with another key or context', () => {
    const sealed = seal(key, nonce, 'hello', 'context')
    expect(open(nonceKey, sealed, 'context')).toBeUndefined()
    expect(open(key, sealed, 'contex')).toBeUndefined()
    expect(open(key, sealed, '')).toBeUndefined()
  })

  test('opens in the canonical spelling only', () => {
    const sealed = seal(key, nonce, 'hell', 'context')
    expect(sealed.length % 4).not.toBe(0)
    const last = sealed.slice(-1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const sameBytes = [...alphabet].filter((letter) => {
      const spelling = sealed.slice(0, -1) + letter
      return letter !== last && Buffer.from(spelling, 'base64url').equals(Buffer.from(sealed, 'base64url'))
    })
    expect(sameBytes.length).toBeGreaterThan(0)
    const spellings = [
      ...sameBytes.map((letter) => sealed.slice(0, -1) + letter),
      `${sealed}=`,
      `${sealed}==`,
      `${sealed}\n`,
      ` ${sealed}`,
      `${sealed.slice(0, 5)}\n${sealed.slice(5)}`,
      `${sealed}*`,
    ]
    for (const spelling of spellings) expect(open(key, spelling, 'context')).toBeUndefined()
    const plus = seal(key, Buffer.alloc(sealNonceBytes, 0xfb), 'hello', 'context')
    expect(open(key, plus, 'context')).toBe('hello')
    expect(open(key, plus.replaceAll('-', '+').replaceAll('_', '/'), 'context')).toBeUndefined()
  })

  test('opening never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (sealed) => open(key, sealed, 'context') === undefined))
  })
})

describe('sealDeterministic', () => {
  const sealed = (plaintext: string, context: string) => sealDeterministic(key, nonceKey, plaintext, context)

  test('returns equal bytes for equal input, which open again', () => {
    fc.assert(
      fc.property(text, text, (plaintext, context) => {
        expect(sealed(plaintext, context)).toBe(sealed(plaintext, context))
        expect(open(key, sealed(plaintext, context), context)).toBe(plaintext)
      }),
    )
  })

  test('a different text or context gets a different nonce', () => {
    const nonceOf = (plaintext: string, context: string) => sealed(plaintext, context).slice(0, 32)
    fc.assert(
      fc.property(text, text, text, text, (p1, c1, p2, c2) => {
        fc.pre(p1 !== p2 || c1 !== c2)
        expect(nonceOf(p1, c1)).not.toBe(nonceOf(p2, c2))
      }),
    )
  })

  test('moving characters between context and text changes the result', () => {
    expect(sealed('bc', 'a').slice(0, 32)).not.toBe(sealed('c', 'ab').slice(0, 32))
    expect(sealed('x', '1:a').slice(0, 32)).not.toBe(sealed('ax', '1:').slice(0, 32))
  })
})
