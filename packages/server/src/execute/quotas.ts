import type { PageOperation } from '@hallpass/contracts'
import { addressBuckets } from '../limits/address-bucket.js'
import type { Allowance, Meter } from '../limits/allowance.js'
import type { Account } from '../store/queries/accounts.js'
import type { ApiKey } from '../store/queries/api-keys.js'
import { type ClientKey, defaultGuestPerMinute } from '../store/queries/client-keys.js'
import { explainQuota } from './explain.js'
import { RateLimited } from './rate-limited.js'

/** How often an operation may be called, as a multiple of the client key's limit. */
const factors: Readonly<Record<PageOperation['limit'], number>> = { issue: 1, holder: 10 }
/** The default limit of a client key over all addresses, as a multiple of its limit for one address. */
const totalFactor = 100

/**
 * All secret keys of an account share its limit. A limit for each key keeps one key from using it up. A key that acts
 * for a child account counts towards its own account. 0 means no limit.
 */
export function secretKeyMeters(apiKey: ApiKey, account: Account): readonly Meter[] {
  const { requestsPerSecond, requestsPerSecondPerKey } = account
  // a limit that isn't lower never takes effect
  const isLower = requestsPerSecond === 0 || requestsPerSecondPerKey < requestsPerSecond
  const limit = isLower ? requestsPerSecondPerKey : 0
  const meters: Meter[] = []
  if (requestsPerSecond > 0)
    meters.push({ key: `acct ${account.id}`, quota: { limit: requestsPerSecond, windowSeconds: 1, of: 'account' } })
  if (limit > 0) meters.push({ key: `sk ${apiKey.id}`, quota: { limit, windowSeconds: 1, of: 'secret_key' } })
  return meters
}

/** Unknown client keys share one bucket, so rejecting one takes as long as rejecting a real key. */
const unknownClientKey = { id: '-', guestPerMinute: defaultGuestPerMinute, guestPerMinuteTotal: undefined }

/** Each operation of a client key counts separately: per address, and over all addresses. 0 means no limit. */
export function clientKeyMeters(
  operation: Pick<PageOperation, 'id' | 'limit'>,
  key: Pick<ClientKey, 'id' | 'guestPerMinute' | 'guestPerMinuteTotal'> = unknownClientKey,
  address: string,
): readonly Meter[] {
  const factor = factors[operation.limit]
  const name = `pk ${key.id} ${operation.id}`
  const total = factor * (key.guestPerMinuteTotal ?? key.guestPerMinute * totalFactor)
  const meters: Meter[] = []
  for (const bucket of key.guestPerMinute === 0 ? [] : addressBuckets(address)) {
    const limit = key.guestPerMinute * bucket.factor * factor
    meters.push({ key: `${name} ${bucket.name}`, quota: { limit, windowSeconds: 60, of: 'address' } })
  }
  if (total > 0) meters.push({ key: `${name} *`, quota: { limit: total, windowSeconds: 60, of: 'client_key' } })
  return meters
}

/** Refuses a call that its meters don't allow. */
export function requireAllowance(allowance: Allowance | undefined): void {
  if (allowance?.allowed === false) throw overQuota(allowance)
}

/** The refusal of a call that exceeds this quota. */
export const overQuota = (allowance: Allowance): RateLimited =>
  new RateLimited(allowance, {
    retryAfter: allowance.resetSeconds,
    explain: () => explainQuota(allowance.quota),
  })
