import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { BridgeClaims } from '@hallpass/contracts'
import { readToken } from '../read-token.js'

/** The claims of an active bridge token. Any other token throws the same error. */
export async function readBridgeToken(hallpass: HallpassClient, token: string): Promise<BridgeClaims> {
  const claims = await readToken(hallpass, 'bridge', token)
  if (claims) return claims
  throw new HallpassClientError('invalid_token', 'This bridge token is invalid or has expired.', { status: 400 })
}
