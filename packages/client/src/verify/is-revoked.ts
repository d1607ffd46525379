import {
  type Ending,
  endingsOfDeclared,
  endingsOfSession,
  mintingKeyOf,
  revocationName,
  revocationText,
  timeOfId,
} from '@hallpass/contracts'
import type { Revocations } from './cache-revocations.js'
import type { AnyClaims } from './expected-kind.js'

/** The names under which the feed would list what a token depends on. */
export interface NamedToken {
  /** Milliseconds since the epoch. NaN if the id isn't the issuer's. */
  readonly beganAt: number
  readonly endings: readonly { readonly what: Ending[0]; readonly name: string }[]
}

/** Whether the feed revokes the token: it lists the token, its session or client key, or has a cutoff that the token precedes. */
export async function isRevoked(feed: Revocations, claims: AnyClaims): Promise<boolean> {
  // usually, nothing is revoked and nothing has to be hashed
  return isNamed(feed, await nameToken(claims, feed))
}

/** Whether the feed lists any of these names, or has a cutoff after `beganAt`. */
export function isNamed(feed: Revocations, { beganAt, endings }: NamedToken): boolean {
  if (feed.cutoff !== undefined && !(beganAt > feed.cutoff)) return true
  return endings.some(({ what, name }) => {
    const { listed, cutoffs } = partsOf(feed, what)
    const notBefore = cutoffs?.get(name)
    // an id without a time isn't the issuer's, so treat it as revoked
    return listed?.has(name) || (notBefore !== undefined && !(beganAt > notBefore))
  })
}

/** All names that can revoke a token, or with `feed` only those that this feed can contain. */
export async function nameToken(claims: AnyClaims, feed?: Revocations): Promise<NamedToken> {
  const matters = ([what]: Ending) => {
    if (!feed) return true
    const { listed, cutoffs } = partsOf(feed, what)
    return Boolean(listed?.size || cutoffs?.size)
  }
  const name = async ([what, ...id]: Ending) => ({
    what,
    name: await nameOf(revocationText(what, claims.account_id, ...id)),
  })
  return {
    beganAt: timeOfId('sid' in claims ? claims.sid : claims.jti),
    endings: await Promise.all(endingsOf(claims).filter(matters).map(name)),
  }
}

/** The feed's entries for one type: the names it lists, and the cutoffs by name. */
function partsOf({ revoked, cutoffs }: Revocations, what: Ending[0]) {
  const listed: Partial<Record<Ending[0], ReadonlySet<string>>> = revoked
  const times: Partial<Record<Ending[0], ReadonlyMap<string, number>>> = cutoffs
  return { listed: listed[what], cutoffs: times[what] }
}

function endingsOf(claims: AnyClaims): readonly Ending[] {
  if ('sid' in claims) return endingsOfSession(claims)
  if ('kind' in claims) return endingsOfDeclared(claims)
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
