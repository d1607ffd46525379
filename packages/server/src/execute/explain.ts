import { ClientKeyId, formatAllowlistRule, requestHeaders, type Scope } from '@hallpass/contracts'
import { keyedHash } from '../crypto/keyed-hash.js'
import { isGeneratedSecretKey } from '../crypto/secret-key.js'
import type { Explanation } from '../errors.js'
import type { Bounded, Quota } from '../limits/allowance.js'
import { redactValue } from '../refusals/redact-value.js'
import type { RefreshState, timeFaultOf } from '../sessions/refresh-token.js'
import type { ApiKey } from '../store/queries/api-keys.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { RequestHeaders } from './call.js'
import { provenHost } from './proven-host.js'
import type { SentKey } from './request-headers.js'
import type { Services } from './services.js'

const shownRules = 10

/** Why no active secret key was found. For a disabled or expired key, the account is still known. */
export async function explainSecretKey(
  { store, keys, clock }: Services,
  headers: RequestHeaders,
  { secret, scheme }: SentKey,
): Promise<Explanation> {
  const place = { Bearer: 'contain Bearer and', Basic: 'contain, as the password of HTTP Basic,' }[scheme]
  const rule = `The Authorization header must ${place} an active secret key.`
  if (secret === undefined) {
    const isSent = headers.count(requestHeaders.authorization.toLowerCase()) > 0
    const malformed = { Bearer: 'without the scheme Bearer', Basic: 'without a user name and a password' }[scheme]
    const seen = isSent ? `an Authorization header ${malformed}` : 'no Authorization header'
    return { rule, seen, fix: 'Send the header “Authorization: Bearer <secret key>”.' }
  }
  const key = await store.findApiKeyIncludingDisabled(keyedHash(keys.apiKeyHash, secret))
  const fix = 'Use an active key, or create one with `hallpass api-keys create`.'
  if (!key) return { rule, seen: describeUnknownKey(secret), fix }
  const found = { accountId: key.accountId, apiKeyId: key.id }
  if (key.disabled) return { ...found, rule, seen: `secret key "${key.name}", which is disabled`, fix }
  if (key.expiresAt !== null && key.expiresAt <= clock.now()) {
    return { ...found, rule, seen: `secret key "${key.name}", which expired at ${timeOf(key.expiresAt)}`, fix }
  }
  return { ...found, rule, seen: `secret key "${key.name}", which is active now`, fix: 'Try again.' }
}

/** Shows only the format: an unknown key may be a secret of something else. */
function describeUnknownKey(secret: string): string {
  if (/^pk_/.test(secret)) return 'a client key (pk_…) instead of a secret key'
  if (/^eyJ/.test(secret)) return 'a token instead of a secret key'
  if (isGeneratedSecretKey(secret)) return 'a well-formed secret key that this server does not know'
  return `a key of ${secret.length} characters that this server does not know`
}

export function explainScope({ id, accountId, name, scopes }: ApiKey, scope: Scope): Explanation {
  return {
    accountId,
    apiKeyId: id,
    rule: `The secret key must have the scope ${scope}.`,
    seen: `secret key "${name}" with the scopes ${scopes.join(', ')}`,
    fix: `Use a key with this scope, or create one with \`hallpass api-keys create --scopes ${scope}\`.`,
  }
}

export function explainAccount(id: string): Explanation {
  return {
    rule: `${requestHeaders.accountId} must name the account of the secret key, or one of its child accounts.`,
    seen: redactValue(id),
    fix: 'Correct the id, or omit the header. `hallpass accounts list` shows the accounts.',
  }
}

/** The refused call of a page. */
interface RefusedPage {
  readonly headers: RequestHeaders
  /** The client key's name, or the token. */
  readonly credential: string
  readonly raw: Readonly<Record<string, unknown>>
}

/** Why a page was refused: its client key, or its Origin. */
export async function explainPage(
  services: Services,
  { headers, credential: clientKeyName, raw }: RefusedPage,
  known: ClientKey | undefined,
): Promise<Explanation> {
  const { store } = services
  const isName = ClientKeyId.safeParse(clientKeyName).success
  const clientKey = known ?? (isName ? await store.findClientKeyIncludingDisabled(clientKeyName) : undefined)
  if (!clientKey) {
    return {
      rule: 'client_key must be the name of a client key on this server.',
      seen: redactValue(clientKeyName),
      fix: 'Use a client key from `hallpass client-keys list`.',
    }
  }
  const found = { accountId: clientKey.accountId, clientKeyId: clientKey.id }
  if (clientKey.isAccountDisabled) {
    return {
      ...found,
      rule: 'The account of the client key must be enabled.',
      seen: `client key "${clientKey.name}" of an account that is disabled`,
      fix: `With a key of its parent: \`hallpass accounts update --account-id ${clientKey.accountId} --disabled=false\`.`,
    }
  }
  if (clientKey.disabled) {
    return {
      ...found,
      rule: 'The client key must be enabled.',
      seen: `client key "${clientKey.name}", which is disabled`,
      fix: `Enable it: \`hallpass client-keys update --client-key-id ${clientKey.id} --disabled=false\`.`,
    }
  }
  const rule = 'The call must have exactly one Origin, and it must be on the allowlist of the client key.'
  // another token to check, which may be one too many for its address
  const host = await provenHost(services, clientKey.id, raw).catch(() => undefined)
  return { ...found, rule, ...explainOrigin(headers, clientKey, host) }
}

/** `host`: the origin of the embedding page, if the call proves it. */
function explainOrigin(
  headers: RequestHeaders,
  { id, name, allowlist }: ClientKey,
  host: string | undefined,
): Explanation {
  const count = headers.count('origin')
  const origin = headers.get('origin') ?? ''
  if (count === 0) {
    return {
      seen: 'no Origin header',
      fix: 'Call this from a page: browsers add the Origin header. A backend must call user-token with a secret key instead.',
    }
  }
  if (count > 1) return { seen: `${count} Origin headers`, fix: 'Remove the proxy that adds a second one.' }
  if (origin === 'null') {
    return {
      seen: 'Origin null',
      fix: 'Serve the page from an http or https origin. A sandboxed iframe needs allow-same-origin.',
    }
  }
  const entries = allowlist.slice(0, shownRules).map(formatAllowlistRule)
  const more = allowlist.length > shownRules ? ` and ${allowlist.length - shownRules} more` : ''
  const shown = redactValue(origin)
  if (host !== undefined && host !== origin) {
    return {
      seen: `Origin: ${shown}, embedded in ${redactValue(host)}; ${shown} is not one of --widget-origins`,
      fix: `If your widget's own page is at ${shown}, start the server with --widget-origins ${shown} (HALLPASS_WIDGET_ORIGINS).`,
    }
  }
  return {
    seen: `Origin: ${shown}; the allowlist ${entries.length > 0 ? `contains ${entries.join(', ')}${more}` : 'is empty'}`,
    fix: `Add the origin to origin_allowlist of client key "${name}" (${id}): \`hallpass client-keys update\`.`,
  }
}

const explainFailures = (limit: number): Explanation => ({
  rule: `One address may send ${limit} wrong credentials a minute.`,
  seen: 'an address that sent more than that; until the minute is over, its credentials are rejected without a check',
  fix: 'Wait for the time in Retry-After, and stop the caller that sends them. If callers from different addresses are refused together, the server is behind a proxy: set --trust-proxy.',
})

/**
 * A refresh token that could not be opened belongs to no known account. One that could be opened is outside its
 * lifetime.
 */
export function explainRefreshToken(
  refresh: RefreshState | undefined,
  fault: ReturnType<typeof timeFaultOf>,
): Explanation {
  const rule = 'The refresh token must be valid, and from this server.'
  const fix = 'Start a new session. A refresh token is valid for 24 hours, and its session for 7 days.'
  if (!refresh) return { rule, seen: 'a value that is not a refresh token of this server, or was altered', fix }
  const { account_id: accountId, client_key_id: clientKeyId, expires_at } = refresh
  if (fault === 'not_yet_valid') {
    const seen = `a refresh token issued at ${timeOf(refresh.issued_at)}, which is in the future`
    return { accountId, clientKeyId, rule, seen, fix: 'Set the clocks of all servers by NTP, and start a new session.' }
  }
  return { accountId, clientKeyId, rule, seen: `a refresh token that expired at ${timeOf(expires_at)}`, fix }
}

const bounded: Record<Exclude<Bounded, 'failures'>, { who: string; setting: string }> = {
  account: {
    who: 'All secret keys of an account together',
    setting: 'raise rate_limit.requests_per_second of the account',
  },
  secret_key: {
    who: 'Each secret key of this account',
    setting: 'raise rate_limit.requests_per_second_per_key of the account',
  },
  address: {
    who: 'One address with the same client key',
    setting: 'raise rate_limit.guest_per_minute of the client key',
  },
  client_key: {
    who: 'All callers of a client key together',
    setting: 'raise rate_limit.guest_per_minute_total of the client key',
  },
}

export function explainQuota({ limit, windowSeconds, of = 'account' }: Quota): Explanation {
  if (of === 'failures') return explainFailures(limit)
  const { who, setting } = bounded[of]
  return {
    rule: `${who} may make ${limit} calls in ${windowSeconds} s.`,
    seen: 'one call more than that',
    fix: `Wait for the time in Retry-After, or ${setting}.`,
  }
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString()
