import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateClientKey, generateSecretKey, hintOf, isGeneratedSecretKey } from './secret-key.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const filled = (byte: number) => ({ random: (bytes: number) => Buffer.alloc(bytes, byte) })
const chance = { random: randomBytes }
const environment = fc.constantFrom('sandbox' as const, 'production' as const)
/** Any bytes that a random generator could return. */
const anyChance = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => ({
  random: (count: number) => Buffer.from(bytes.subarray(0, count)),
}))

describe('a generated secret key', () => {
  test('has a fixed format', () => {
    expect(generateSecretKey(filled(0), 'sandbox')).toBe(
      'sk_test_00000000000_00000000000000000000000000000000000000000000jqQrW',
    )
    expect(generateSecretKey(filled(0xff), 'production')).toBe(
      'sk_live_LygHa16AHYF_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp10fM8pb',
    )
  })

  test('is recognized, whatever its random bytes are', () => {
    fc.assert(
      fc.property(anyChance, environment, (clock, env) => {
        const key = generateSecretKey(clock, env)
        expect(key).toMatch(env === 'sandbox' ? /^sk_test_/ : /^sk_live_/)
        expect(key).toHaveLength(69)
        expect(isGeneratedSecretKey(key)).toBe(true)
      }),
    )
  })

  test("with any one character changed isn't recognized", () => {
    const key = generateSecretKey(chance, 'sandbox')
    for (let at = 0; at < key.length; at++) {
      for (const letter of alphabet) {
        if (letter === key[at]) continue
        const changed = key.slice(0, at) + letter + key.slice(at + 1)
        expect([changed, isGeneratedSecretKey(changed)]).toEqual([changed, false])
      }
    }
  })

  test("with two adjacent characters swapped isn't recognized", () => {
    fc.assert(
      fc.property(anyChance, fc.nat(67), (clock, at) => {
        const key = generateSecretKey(clock, 'sandbox')
        const swapped = key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2)
        expect(isGeneratedSecretKey(swapped)).toBe(swapped === key)
      }),
    )
  })

  test.each(['', 'sk_test_acme', 'My API Key', 'pk_test_acme', `sk_test_${'0'.repeat(11)}_${'0'.repeat(49)}`])(
    "an imported secret isn't one: %j",
    (text) => {
      expect(isGeneratedSecretKey(text)).toBe(false)
    },
  )

  test("with anything around it isn't one", () => {
    const key = generateSecretKey(chance, 'production')
    for (const text of [` ${key}`, `${key}\n`, `${key}0`, key.toLowerCase(), key.slice(0, -1)]) {
      expect(isGeneratedSecretKey(text)).toBe(false)
    }
  })

  test("needs the right format too: an empty key with its checksum 000000 isn't one", () => {
    expect(isGeneratedSecretKey('000000')).toBe(false)
  })

  test('has 256 random bits besides its id', () => {
    const [first, second] = [0, 1].map((byte) =>
      generateSecretKey(
        { random: (bytes) => (bytes === 32 ? Buffer.alloc(32, byte) : Buffer.alloc(bytes)) },
        'sandbox',
      ),
    )
    expect(first?.slice(0, 20)).toBe(second?.slice(0, 20))
    expect(first?.slice(20)).not.toBe(second?.slice(20))
  })
})

test('a generated client key has a fixed format', () => {
  expect(generateClientKey(filled(0), 'sandbox')).toBe('pk_test_0000000000000000000000')
  expect(generateClientKey(filled(0xff), 'production')).toBe('pk_live_7n42DGM5Tflk9n8mt7Fhc7')
  fc.assert(
    fc.property(anyChance, environment, (clock, env) => {
      expect(generateClientKey(clock, env)).toMatch(/^pk_(test|live)_[0-9A-Za-z]{22}$/)
    }),
  )
})

describe('the hint of a secret key', () => {
  test('shows the prefix, the start of the id and the last four characters', () => {
    expect(hintOf(generateSecretKey(filled(0), 'sandbox'))).toBe('sk_test_0000…qQrW')
    expect(hintOf('sk_live_imported-0123456789')).toBe('sk_live_…6789')
    expect(hintOf('correct-horse-battery')).toBe('…tery')
    expect(hintOf('sk_test_sixteen--letters')).toBe('sk_test_…ters')
  })

  test.each(['', 'short', 'fifteen-letters', 'sk_test_fifteen-letters'])('is null for a short key: %j', (secret) => {
    expect(hintOf(secret)).toBeNull()
  })

  test('never shows more than a quarter of an imported secret', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (secret) => {
        const shown = hintOf(`sk_live_${secret}`)
        if (shown !== null) expect(shown.length - 'sk_live_…'.length).toBeLessThanOrEqual(secret.length / 4)
      }),
    )
  })
})
