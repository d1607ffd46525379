import { unlistedOriginOf } from '@hallpass/contracts'
import type { Cutoff } from '../store/queries/cutoffs.js'

/** The owner of a token or a session. */
export interface Belongings {
  readonly account_id: string
  readonly client_key_id?: string | undefined
  readonly origin?: string | undefined
  /** Whether the end of observe mode can end it, if its origin is not allowed then. */
  readonly origin_unlisted?: true | undefined
  readonly visitor_id?: string | undefined
  readonly user_id?: string | undefined
  readonly customer_id?: string | undefined
  readonly card_id?: string | undefined
  /** The secret key that minted it, according to `mintingKeyOf`. */
  readonly api_key_id?: string | undefined
  /** Of a token of a declared kind. */
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly resource?: string | undefined
}

interface Deps {
  readonly store: { findCutoff(accountId: string, cutoffs: readonly Cutoff[]): Promise<number | undefined> }
}

/** Whether a cutoff of its account, or of anything it belongs to, ended what began at this time (milliseconds). */
export async function isEndedByCutoff({ store }: Deps, owner: Belongings, beganAt: number): Promise<boolean> {
  return isCoveredBy(await store.findCutoff(owner.account_id, cutoffsOf(owner)), beganAt)
}

/** The order within the same millisecond is unknown, so it counts as ended. */
export const isCoveredBy = (notBefore: number | null | undefined, beganAt: number): boolean =>
  notBefore !== undefined && notBefore !== null && beganAt <= notBefore

/** The cutoffs that can end what belongs to this owner. */
export function cutoffsOf(owner: Belongings): Cutoff[] {
  const named = (scope: Cutoff['scope'], subject: string | undefined) =>
    subject === undefined ? [] : [{ scope, subject }]
  return [
    ...named('account', owner.account_id),
    ...named('client_key', owner.client_key_id),
    ...named('client_key', doubtOf(owner)),
    ...named('visitor', owner.visitor_id),
    ...named('user', owner.user_id),
    ...named('customer', owner.customer_id),
    ...named('card', owner.card_id),
    ...named('api_key', owner.api_key_id),
    ...named('kind', owner.kind),
    ...named('subject', owner.subject),
    ...named('resource', owner.resource),
  ]
}

const doubtOf = ({ client_key_id, origin, origin_unlisted }: Belongings): string | undefined =>
  origin_unlisted && client_key_id !== undefined && origin !== undefined
    ? unlistedOriginOf(client_key_id, origin)
    : undefined
