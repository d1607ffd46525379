import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { tokenAlgs } from '@hallpass/contracts'
import fc from 'fast-check'
import { compactVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { keyPair } from '../testing/key-pair.js'
import { signInTurns } from './sign-in-turns.js'
import { compactJws } from './sign-token.js'

const ed25519 = generateKeyPairSync('ed25519')
const ed = { kid: 'ed-1', alg: 'EdDSA', privateKey: ed25519.privateKey } as const

/** The text in parts of random lengths. */
const cut = (text: string, lengths: readonly number[]): string[] => {
  const parts: string[] = []
  for (let at = 0, index = 0; at < text.length; index++) {
    const length = lengths[index % lengths.length] ?? text.length
    parts.push(text.slice(at, at + length))
    at += length
  }
  return parts
}

describe('a payload that is signed in parts', () => {
  test('gives the same bytes as in one part, wherever the parts end', async () => {
    const payload = fc.record({
      text: fc.string({ unit: 'binary-ascii' }),
      more: fc.constantFrom('', 'ä'.repeat(50_000)),
    })
    const lengths = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(payload, lengths, async (given, ends) => {
        const jws = await signInTurns(ed, 'revocations+jwt', cut(JSON.stringify(given), ends))
        expect(String(jws)).toBe(compactJws(ed, 'revocations+jwt', given))
      }),
      { numRuns: 50 },
    )
  })

  test.each(tokenAlgs)('is verified by jose under %s', async (alg) => {
    const pair = await keyPair('kid-1', alg)
    const jws = await signInTurns(pair, 'revocations+jwt', ['{"names":"', 'a'.repeat(100_000), '"}'])
    const { payload, protectedHeader } = await compactVerify(jws, createPublicKey(pair.privateKey))
    expect(String(Buffer.from(payload))).toBe(`{"names":"${'a'.repeat(100_000)}"}`)
    expect(protectedHeader).toEqual({ alg, kid: 'kid-1', typ: 'revocations+jwt' })
  })

  test('lets other work run while it is encoded', async () => {
    let turns = 0
    let isSigned = false
    const count = () => {
      turns++
      if (!isSigned) setImmediate(count)
    }
    setImmediate(count)
    await signInTurns(ed, 'revocations+jwt', Array<string>(50).fill('a'.repeat(60_000)))
    isSigned = true
    expect(turns).toBeGreaterThanOrEqual(50)
  })
})
