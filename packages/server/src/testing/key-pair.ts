import { createPublicKey } from 'node:crypto'
import { importPublicKey, type TokenAlg } from '@hallpass/contracts'
import { algorithms } from '../signing/algorithms.js'

/** A new key pair that signs and verifies. */
export async function keyPair<Alg extends TokenAlg>(kid: string, alg: Alg) {
  const { privateKey } = await algorithms[alg].generate()
  const imported = await importPublicKey({ ...createPublicKey(privateKey).export({ format: 'jwk' }), alg })
  if (!imported) throw new Error('a key that was just made cannot be imported')
  return { kid, alg, privateKey, key: imported.key }
}
