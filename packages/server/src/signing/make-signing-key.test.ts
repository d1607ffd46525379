import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { type TokenAlg, tokenAlgs } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { sealNumbered } from '../crypto/numbered-seal.js'
import { fixedRing } from '../testing/fixed-keys.js'
import { ChangedSigningKey, makeSigningKey, openKeyPair } from './make-signing-key.js'

const ring = fixedRing(Buffer.alloc(32, 1))
const clock = { now: () => 0, random: randomBytes }
const make = (alg: TokenAlg) =>
  makeSigningKey({ clock, alg }, ring.active(), { activates_at: 0, for_client_keys: null })

/** A private key sealed for another key's row, as only the holder of the data key can do. */
const sealAs = (kid: string, alg: string, privateKey: KeyObject) =>
  sealNumbered(
    ring.active(),
    'signingKey',
    {
      plaintext: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      context: `signing-key ${kid} ${alg}`,
    },
    randomBytes,
  )

describe('the key pair of a row', () => {
  test.each(tokenAlgs)('is the generated one (%s)', async (alg) => {
    const row = await make(alg)
    expect(JSON.stringify((await openKeyPair(ring, row)).jwk)).toBe(row.public_jwk)
  })

  test('is published in the same bytes by all versions of Node', async () => {
    const members = async (alg: TokenAlg) => Object.keys(JSON.parse((await make(alg)).public_jwk)).join()
    expect(await Promise.all(tokenAlgs.map(members))).toEqual([
      'kty,x,y,crv,kid,alg,use',
      'crv,x,kty,kid,alg,use',
      'kty,n,e,kid,alg,use',
    ])
  })

  test('is rejected if the sealed key is a different one of the same kind', async () => {
    const row = await make('EdDSA')
    const { privateKey } = generateKeyPairSync('ed25519')
    const changed = { ...row, sealed_private: sealAs(row.kid, row.alg, privateKey) }
    await expect(openKeyPair(ring, changed)).rejects.toThrow(
      new ChangedSigningKey(`The signing key ${row.kid} is not the EdDSA key of its row.`),
    )
  })

  test('is rejected if the sealed key has a different algorithm than the row', async () => {
    const row = await make('ES256')
    const { privateKey } = await openKeyPair(ring, row)
    const public_jwk = row.public_jwk.replace('ES256', 'EdDSA')
    const changed = { ...row, alg: 'EdDSA' as const, public_jwk, sealed_private: sealAs(row.kid, 'EdDSA', privateKey) }
    await expect(openKeyPair(ring, changed)).rejects.toThrow(
      new ChangedSigningKey(`The signing key ${row.kid} is not the EdDSA key of its row.`),
    )
  })
})
