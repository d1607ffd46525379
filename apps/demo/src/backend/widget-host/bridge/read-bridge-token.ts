import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { BridgeClaims } from '@hallpass/contracts'
import { readToken } from '../read-token.js'

/** The claims of a bridge token that is active now. Any other token, whatever is wrong with it, is one refusal. */
export async function readBridgeToken(hallpass: HallpassClient, token: string): Promise<BridgeClaims> {
  const claims = await readToken(hallpass, 'bridge', token)
  if (claims) return claims
  throw new HallpassClientError('invalid_token', 'This bridge token is not valid, or no longer.', { status: 400 })
}
