import { generateKeyPairSync } from 'node:crypto'
import { importPublicKey, type TokenAlg } from '@hallpass/contracts'

/** A new key pair that signs and verifies. */
export async function keyPair<Alg extends TokenAlg>(kid: string, alg: Alg) {
  const { privateKey, publicKey } =
    alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const imported = await importPublicKey({ ...publicKey.export({ format: 'jwk' }), alg })
  if (!imported) throw new Error('a key that was just made cannot be imported')
  return { kid, alg, privateKey, key: imported.key }
}
