import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derivedUuid, keyedHash } from './keyed-hash.js'

const key = Buffer.alloc(32, 1)
const otherKey = Buffer.alloc(32, 2)

describe('keyedHash', () => {
  test('is HMAC-SHA-256 in base64url (RFC 4231, test case 2)', () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(keyedHash(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
      Buffer.from(expected, 'hex').toString('base64url'),
    )
  })

  test('depends on the key and the value only', () => {
    expect(keyedHash(key, 'a')).toBe(keyedHash(key, 'a'))
    expect(keyedHash(key, 'a')).not.toBe(keyedHash(key, 'b'))
    expect(keyedHash(key, 'a')).not.toBe(keyedHash(otherKey, 'a'))
    expect(keyedHash(key, 'a')).toHaveLength(43)
  })
})

describe('derivedUuid', () => {
  test('is a UUID of version 8', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(derivedUuid(key, value)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  test('is the same for the same value, and differs for another value or key', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const same = Buffer.from(a).equals(Buffer.from(b))
        expect(derivedUuid(key, a) === derivedUuid(key, b)).toBe(same)
        expect(derivedUuid(key, a)).not.toBe(derivedUuid(otherKey, a))
      }),
    )
  })

  test('never changes, because it identifies visitors', () => {
    expect(derivedUuid(key, 'user_42')).toBe('9567d8c2-4f1b-8814-a109-7d5212408e8b')
  })
})
