import {
  type BridgeClaims,
  type Ending,
  endingsOfSession,
  mintingKeyOf,
  revocationName,
  revocationText,
  type SessionClaims,
  timeOfId,
} from '@hallpass/contracts'
import type { Revocations } from './hold-revocations.js'

/** A token under the names that the feed would use for what ends it. */
export interface NamedToken {
  /** Milliseconds since the epoch; NaN for an id that isn't one of the issuer's. */
  readonly beganAt: number
  readonly endings: readonly { readonly what: Ending[0]; readonly name: string }[]
}

/** Whether the feed names the token, its session or its client key, or something that it began too early for. */
export async function isRevoked(feed: Revocations, claims: BridgeClaims | SessionClaims): Promise<boolean> {
  // mostly nothing was revoked, and then there is nothing to hash
  return isNamed(feed, await nameToken(claims, feed))
}

/** Whether the feed names any of these, or says that what began then has ended. */
export function isNamed(feed: Revocations, { beganAt, endings }: NamedToken): boolean {
  if (feed.cutOff !== undefined && !(beganAt > feed.cutOff)) return true
  return endings.some(({ what, name }) => {
    const { listed, cutOffs } = partsOf(feed, what)
    const notBefore = cutOffs?.get(name)
    // an id that does not say when it was made is not one of the issuer's: in doubt, it ended
    return listed?.has(name) || (notBefore !== undefined && !(beganAt > notBefore))
  })
}

/** All names that can end a token, so that it can be looked up in any number of feeds; or those that matter to one feed. */
export async function nameToken(claims: BridgeClaims | SessionClaims, feed?: Revocations): Promise<NamedToken> {
  const matters = ([what]: Ending) => {
    if (!feed) return true
    const { listed, cutOffs } = partsOf(feed, what)
    return Boolean(listed?.size || cutOffs?.size)
  }
  const name = async ([what, ...id]: Ending) => ({
    what,
    name: await nameOf(revocationText(what, claims.account_id, ...id)),
  })
  return {
    beganAt: timeOfId(claims.aud === 'bridge' ? claims.jti : claims.sid),
    endings: await Promise.all(endingsOf(claims).filter(matters).map(name)),
  }
}

/** What the feed says of things of a kind: those that are listed one by one, and those that ended up to a time. */
function partsOf({ revoked, cutOffs }: Revocations, what: Ending[0]) {
  const listed: Partial<Record<Ending[0], ReadonlySet<string>>> = revoked
  const times: Partial<Record<Ending[0], ReadonlyMap<string, number>>> = cutOffs
  return { listed: listed[what], cutOffs: times[what] }
}

function endingsOf(claims: BridgeClaims | SessionClaims): readonly Ending[] {
  if (claims.aud !== 'bridge') return endingsOfSession(claims)
  const mintingKey = mintingKeyOf(claims)
  return [
    ['token', 'bridge', claims.jti],
    ['account', claims.account_id],
    ['customer', claims.sub],
    ...(mintingKey === undefined ? [] : [['api_key', mintingKey] as const]),
  ]
}

const nameOf = async (text: string) =>
  revocationName(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
