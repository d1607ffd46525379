import {
  type BridgeClaims,
  type CutOffThing,
  mintingKeyOf,
  type RevokedThing,
  revocationNameLength,
  revocationText,
  type SessionClaims,
  timeOfId,
} from '@hallpass/contracts'
import { base64url } from 'jose'
import type { Revocations } from './hold-revocations.js'

/** A token under the names that the feed would use for what ends it. */
export interface NamedToken {
  /** Milliseconds since the epoch; NaN for an id that isn't one of the issuer's. */
  readonly beganAt: number
  readonly revoked: readonly { readonly what: RevokedThing; readonly name: string }[]
  readonly cutOffs: readonly { readonly what: CutOffThing; readonly name: string }[]
}

/** Whether the feed names the token, its session or its client key, or something that it began too early for. */
export async function isRevoked(feed: Revocations, claims: BridgeClaims | SessionClaims): Promise<boolean> {
  // mostly nothing was revoked, and then there is nothing to hash
  return isNamed(feed, await nameToken(claims, feed))
}

/** Whether the feed names any of these, or says that what began then has ended. */
export function isNamed(feed: Revocations, { beganAt, revoked, cutOffs }: NamedToken): boolean {
  if (feed.cutOff !== undefined && !(beganAt > feed.cutOff)) return true
  if (revoked.some(({ what, name }) => feed.revoked[what].has(name))) return true
  return cutOffs.some(({ what, name }) => {
    const notBefore = feed.cutOffs[what].get(name)
    // an id that does not say when it was made is not one of the issuer's: in doubt, it ended
    return notBefore !== undefined && !(beganAt > notBefore)
  })
}

/** All names that can end a token, so that it can be looked up in any number of feeds; or those that matter to one feed. */
export async function nameToken(claims: BridgeClaims | SessionClaims, feed?: Revocations): Promise<NamedToken> {
  const { revoked, cutOffs } = endingsOf(claims)
  const name = async <What extends RevokedThing | CutOffThing>([what, ...id]: Ending<What>) => ({
    what,
    name: await nameOf(revocationText(what, claims.account_id, ...id)),
  })
  const isListed = ([what]: Ending<RevokedThing>) => !feed || feed.revoked[what].size > 0
  const isCutOff = ([what]: Ending<CutOffThing>) => !feed || feed.cutOffs[what].size > 0
  return {
    beganAt: timeOfId(claims.aud === 'bridge' ? claims.jti : claims.sid),
    revoked: await Promise.all(revoked.filter(isListed).map(name)),
    cutOffs: await Promise.all(cutOffs.filter(isCutOff).map(name)),
  }
}

/** Something that ends a token when the feed names it, and its id there. */
type Ending<What> = readonly [what: What, ...id: string[]]

function endingsOf(claims: BridgeClaims | SessionClaims): {
  readonly revoked: readonly Ending<RevokedThing>[]
  readonly cutOffs: readonly Ending<CutOffThing>[]
} {
  const mintingKey = mintingKeyOf(claims)
  const common = [
    ['account', claims.account_id] as const,
    ...(mintingKey === undefined ? [] : [['api_key', mintingKey] as const]),
  ]
  if (claims.aud === 'bridge') {
    return { revoked: [['token', 'bridge', claims.jti]], cutOffs: [...common, ['customer', claims.sub]] }
  }
  const { sid, client_key_id, sub, user } = claims
  return {
    revoked: [
      ['session', sid],
      ['client_key', client_key_id],
    ],
    cutOffs: [
      ...common,
      ['client_key', client_key_id],
      ['visitor', sub],
      ...(user ? [['user', user.id] as const] : []),
    ],
  }
}

async function nameOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(digest)).slice(0, revocationNameLength)
}
