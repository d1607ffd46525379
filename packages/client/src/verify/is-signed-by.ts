import type { ParsedJws } from '@hallpass/contracts'
import { compactVerify } from 'jose'
import type { IssuerKey } from './hold-key-set.js'

/** Whether a compact JWS is signed by this key, in the key's own algorithm. */
export async function isSignedBy({ alg, key }: IssuerKey, jws: string, parsed: ParsedJws): Promise<boolean> {
  if (parsed.alg !== alg) return false
  return compactVerify(jws, key, { algorithms: [alg] }).then(
    () => true,
    () => false,
  )
}
