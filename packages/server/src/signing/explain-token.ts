import { isSignedBy, type JwtKind, jwtKinds, parseToken } from '@hallpass/contracts'
import type { Explanation } from '../errors.js'
import { type VerifyDeps, verifyToken } from './verify-token.js'

/** {@link explainToken}, with what it needs already given. */
export type ExplainToken = (kind: JwtKind, token: string) => Promise<Explanation>

/**
 * Why a token was refused as one of this kind. Whose it is, is said only where its signature proves it:
 * nobody else could put anything into that account's history.
 */
export async function explainToken(deps: VerifyDeps, kind: JwtKind, token: string): Promise<Explanation> {
  const rule = `A live token of the kind ${kind} (typ ${jwtKinds[kind].typ}) is needed, exactly as this server made it.`
  const fix = 'Get a new token and send it unchanged; `hallpass tokens inspect` takes one apart.'
  const say = (seen: string, found: Explanation = {}) => ({ rule, seen, fix, ...found })
  const parsed = parseToken(token)
  if (!parsed) return say(`a text of ${token.length} characters that is no token of this server, or was altered`)
  const key = deps.keyRing.verificationKey(parsed.kid)
  if (!key) return say(`a ${parsed.kind} token signed with a key that this server does not have, or no longer`)
  if (!(await isSignedBy(key, token, parsed)))
    return say(`a ${parsed.kind} token whose signature is wrong: it was altered`)
  if (parsed.kind !== kind) return say(`a ${parsed.kind} token`, ownerOf(parsed.payload))
  const expired = await verifyToken(deps, kind, token, { evenExpired: true })
  if (!expired)
    return say('a token of another issuer, or of a time that this server does not know', ownerOf(parsed.payload))
  return say(`a token that expired at ${new Date(expired.exp * 1000).toISOString()}`, ownerOf(parsed.payload))
}

/** Only for a token whose signature is right. */
function ownerOf(payload: unknown): Explanation {
  const { account_id, client_key_id } = Object(payload)
  return {
    ...(typeof account_id === 'string' ? { accountId: account_id } : {}),
    ...(typeof client_key_id === 'string' ? { clientKeyId: client_key_id } : {}),
  }
}
