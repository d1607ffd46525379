import { type HallpassClient, HallpassClientError } from '@hallpass/client'
import { type BridgeClaims, Faults, jwtKinds, parseWith } from '@hallpass/contracts'

/** The claims of a bridge token that is active now. Any other token, whatever is wrong with it, is one refusal. */
export async function readBridgeToken(hallpass: HallpassClient, token: string): Promise<BridgeClaims> {
  const answer = await hallpass.tokens.introspect({ token })
  if (answer.active && answer.token_type === 'bridge') {
    const { active: _, token_type: __, ...claims } = answer
    const parsed = parseWith(jwtKinds.bridge.claims, claims)
    if (!(parsed instanceof Faults)) return parsed
  }
  throw new HallpassClientError('invalid_token', 'This bridge token is not valid, or no longer.', { status: 400 })
}
