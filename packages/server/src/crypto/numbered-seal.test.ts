import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fixedRing } from '../testing/fixed-keys.js'
import { dataKeyIdOf, openNumbered, sealNumbered, sealRefresh } from './numbered-seal.js'
import { sealNonceBytes, shortNonceBytes } from './seal.js'

const message = { plaintext: 'hello', context: 'context' }
const tagBytes = 16
const ring = fixedRing(Buffer.alloc(32, 1), [2, 0])
const keysOf = (id: number) => {
  const keys = ring.byId(id)
  if (!keys) throw new Error(`there is no data key ${id}`)
  return keys
}
const lengthOf = (sealed: string) => Buffer.from(sealed, 'base64url').length

describe('sealing with a data key', () => {
  test('writes the key id first, and uses a nonce of 24 bytes', () => {
    for (const sealed of [sealNumbered(keysOf(2), 'answer', message, randomBytes), sealRefresh(keysOf(2), message)]) {
      expect(sealed).toMatch(/^2\.[\w-]+$/)
      expect(dataKeyIdOf(sealed)).toBe(2)
      expect(lengthOf(sealed.slice(2))).toBe(sealNonceBytes + 'hello'.length + tagBytes)
    }
  })

  test('writes no id and uses a nonce of 12 bytes under the key 0, as before ids existed', () => {
    for (const sealed of [sealNumbered(keysOf(0), 'answer', message, randomBytes), sealRefresh(keysOf(0), message)]) {
      expect(sealed).toMatch(/^[\w-]+$/)
      expect(dataKeyIdOf(sealed)).toBe(0)
      expect(lengthOf(sealed)).toBe(shortNonceBytes + 'hello'.length + tagBytes)
    }
  })

  test.each([0, 2])('opens only for the same use and context, under key %i', (id) => {
    const sealed = sealNumbered(keysOf(id), 'answer', message, randomBytes)
    expect(openNumbered(ring, 'answer', sealed, 'context')).toBe('hello')
    expect(openNumbered(ring, 'answer', sealed, 'other')).toBeUndefined()
    expect(openNumbered(ring, 'signingKey', sealed, 'context')).toBeUndefined()
  })

  test("doesn't open with another key's id or without an id", () => {
    const sealed = sealNumbered(keysOf(2), 'answer', message, randomBytes)
    for (const other of [sealed.slice(2), `1${sealed.slice(1)}`, `02${sealed.slice(1)}`]) {
      expect(openNumbered(ring, 'answer', other, 'context')).toBeUndefined()
    }
  })
})
