import { compactVerify } from 'jose/jws/compact/verify'
import type { VerificationKey } from './key-ring.js'

/** Whether a compact JWS is signed by this key, in the key's own algorithm (RFC 7515 section 5.2). */
export async function isSigned(jws: string, { publicKey, alg }: VerificationKey): Promise<boolean> {
  try {
    await compactVerify(jws, publicKey, { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}
