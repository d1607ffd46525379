import {
  type BridgeClaims,
  type CutOffThing,
  type RevokedThing,
  revocationNameLength,
  revocationText,
  type SessionClaims,
  timeOfId,
} from '@hallpass/contracts'
import { base64url } from 'jose'
import type { Revocations } from './hold-revocations.js'

/** Whether the feed names the token, its session or its client key, or something that it began too early for. */
export async function isRevoked(feed: Revocations, claims: BridgeClaims | SessionClaims): Promise<boolean> {
  const { account_id } = claims
  const beganAt = timeOfId(claims.aud === 'bridge' ? claims.jti : claims.sid)
  if (feed.cutOff !== undefined && !(beganAt > feed.cutOff)) return true
  if (claims.aud === 'bridge') {
    if (await isNamed(feed, 'token', account_id, 'bridge', claims.jti)) return true
    return isCutOff(feed, 'account', beganAt, account_id, account_id)
  }
  const ended = [
    isNamed(feed, 'session', account_id, claims.sid),
    isNamed(feed, 'client_key', account_id, claims.client_key_id),
    isCutOff(feed, 'account', beganAt, account_id, account_id),
    isCutOff(feed, 'client_key', beganAt, account_id, claims.client_key_id),
    isCutOff(feed, 'visitor', beganAt, account_id, claims.sub),
    claims.user !== undefined && isCutOff(feed, 'user', beganAt, account_id, claims.user.id),
  ]
  return (await Promise.all(ended)).includes(true)
}

async function isNamed(feed: Revocations, what: RevokedThing, accountId: string, ...id: string[]): Promise<boolean> {
  const names = feed.revoked[what]
  // mostly nothing was revoked, and then there is nothing to hash
  return names.size > 0 && names.has(await nameOf(revocationText(what, accountId, ...id)))
}

async function isCutOff(feed: Revocations, what: CutOffThing, beganAt: number, accountId: string, id: string) {
  const cutOffs = feed.cutOffs[what]
  if (cutOffs.size === 0) return false
  const notBefore = cutOffs.get(await nameOf(revocationText(what, accountId, id)))
  // an id that does not say when it was made is not one of the issuer's: in doubt, it ended
  return notBefore !== undefined && !(beganAt > notBefore)
}

async function nameOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(digest)).slice(0, revocationNameLength)
}
