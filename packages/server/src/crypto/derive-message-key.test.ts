import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { deriveMessageKey } from './derive-message-key.js'
import { open, seal, sealBytes } from './seal.js'

const nonce = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')

/** Ciphertext and tag, in hex, without the nonce at the front. */
const encrypt = (key: Buffer, at: Buffer, plaintext: string, context: string) =>
  Buffer.from(seal(key, at, plaintext, context), 'base64url')
    .subarray(24)
    .toString('hex')

// the test vectors of c2sp.org/XAES-256-GCM
describe('XAES-256-GCM', () => {
  test.each([
    {
      byte: 1,
      derived: 'c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b',
      context: '',
      sealed: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271',
    },
    {
      byte: 3,
      derived: 'e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8',
      context: 'c2sp.org/XAES-256-GCM',
      sealed: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d',
    },
  ])('matches the key and the ciphertext of the vector with key $byte', ({ byte, derived, context, sealed }) => {
    const key = Buffer.alloc(32, byte)
    const message = deriveMessageKey(key, nonce)
    expect(message.key.toString('hex')).toBe(derived)
    expect(message.nonce.toString('hex')).toBe('4d4e4f505152535455565758')
    expect(encrypt(key, nonce, 'XAES-256-GCM', context)).toBe(sealed)
    expect(open(key, seal(key, nonce, 'XAES-256-GCM', context), context)).toBe('XAES-256-GCM')
  })

  test('matches the keys of 10,000 random vectors', () => {
    const stream = createHash('shake128', { outputLength: 6_000_000 }).digest()
    expect(stream.subarray(0, 16).toString('hex')).toBe('7f9c2ba4e88f827d616045507605853e')
    let at = 0
    const read = (bytes: number) => {
      at += bytes
      return stream.subarray(at - bytes, at)
    }
    const all = createHash('shake128', { outputLength: 32 })
    for (let round = 0; round < 10_000; round++) {
      const [key, long] = [read(32), read(24)]
      const plaintext = read(read(1).readUInt8())
      const aad = read(read(1).readUInt8())
      all.update(sealBytes(key, long, plaintext, aad).subarray(24))
    }
    expect(all.digest('hex')).toBe('e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939')
  })
})
