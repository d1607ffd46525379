import type { Operation } from '@hallpass/contracts'
import { addressBucket } from '../limits/address-bucket.js'
import type { Quota } from '../limits/sliding-window.js'
import type { Account } from '../store/accounts.js'
import type { ApiKey } from '../store/api-keys.js'
import { type ClientKey, defaultGuestPerMinute } from '../store/client-keys.js'

/** What a call counts against; no limit where the configured one is 0. */
export interface Meter {
  readonly key: string
  readonly quota: Quota
}

/** Calls that hand nothing new out to strangers may come this much more often than those that do. */
const holderFactor = 10
const handsOut = new Set(['visitor.guest', 'visitor.embedTicket'])

/** Per secret key (wire 5). */
export function secretKeyMeter(apiKey: ApiKey, account: Account): Meter | undefined {
  const limit = account.requestsPerSecond
  return limit === 0 ? undefined : { key: `sk ${apiKey.id}`, quota: { limit, windowSeconds: 1 } }
}

/** Client keys that there are not count together: a call with one takes as long as any other. */
const noClientKey = { id: '-', guestPerMinute: defaultGuestPerMinute }

/** Per client key and address (wire 5), each operation for itself. */
export function clientKeyMeter(
  operation: Operation,
  { id, guestPerMinute }: Pick<ClientKey, 'id' | 'guestPerMinute'> = noClientKey,
  address: string,
): Meter | undefined {
  if (guestPerMinute === 0) return undefined
  const limit = handsOut.has(operation.id) ? guestPerMinute : guestPerMinute * holderFactor
  return { key: `pk ${id} ${operation.id} ${addressBucket(address)}`, quota: { limit, windowSeconds: 60 } }
}
