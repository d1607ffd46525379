import { isSignedBy, type JwtKind, jwtKinds, parseToken } from '@hallpass/contracts'
import type { Explanation } from '../errors.js'
import { type VerifyDeps, verifyToken } from './verify-token.js'

/** {@link explainToken} with its dependencies already given. */
export type ExplainToken = (kind: JwtKind, token: string) => Promise<Explanation>

/**
 * Why a token was refused as one of this kind. Names the owner only if the signature proves it: otherwise anyone could
 * add entries to an account's history.
 */
export async function explainToken(deps: VerifyDeps, kind: JwtKind, token: string): Promise<Explanation> {
  const rule = `The token must be a valid ${kind} token (typ ${jwtKinds[kind].typ}) from this server, unchanged.`
  const fix = 'Get a new token and send it unchanged. `hallpass tokens inspect` shows the contents of a token.'
  const say = (seen: string, found: Explanation = {}) => ({ rule, seen, fix, ...found })
  const parsed = parseToken(token)
  if (!parsed) return say(`a value of ${token.length} characters that is not a token of this server, or was altered`)
  const key = deps.keyRing.verificationKey(parsed.kid)
  if (!key) return say(`a ${parsed.kind} token with an unknown key, which may have been removed`)
  if (!(await isSignedBy(key, token, parsed)))
    return say(`a ${parsed.kind} token with an invalid signature, because it was altered`)
  if (parsed.kind !== kind) return say(`a ${parsed.kind} token`, ownerOf(parsed.payload))
  const expired = await verifyToken(deps, kind, token, { evenExpired: true })
  if (!expired) return say('a token of another issuer, or from the future', ownerOf(parsed.payload))
  return say(`a token that expired at ${new Date(expired.exp * 1000).toISOString()}`, ownerOf(parsed.payload))
}

/** Only for a token with a valid signature. */
function ownerOf(payload: unknown): Explanation {
  const { account_id, client_key_id } = Object(payload)
  return {
    ...(typeof account_id === 'string' ? { accountId: account_id } : {}),
    ...(typeof client_key_id === 'string' ? { clientKeyId: client_key_id } : {}),
  }
}
