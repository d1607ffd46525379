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
import type { Services } from './services.js'

const shownRules = 10

/** Why no live secret key was found. A key that is disabled or has expired still says whose it is. */
export async function explainSecretKey(
  { store, keys, clock }: Services,
  headers: RequestHeaders,
  secret: string | undefined,
): Promise<Explanation> {
  const rule = 'A live secret key is needed, as Authorization: Bearer <secret key>.'
  if (secret === undefined) {
    const sent = headers.count(requestHeaders.authorization.toLowerCase()) > 0
    const seen = sent ? 'an Authorization header without the scheme Bearer' : 'no Authorization header'
    return { rule, seen, fix: 'Send the header Authorization: Bearer, a space, and a secret key of the account.' }
  }
  const key = await store.findApiKeyIncludingDisabled(keyedHash(keys.apiKeyHash, secret))
  const fix = 'Use a live key, or make one: `hallpass api-keys create`.'
  if (!key) return { rule, seen: describeUnknownKey(secret), fix }
  const found = { accountId: key.accountId, apiKeyId: key.id }
  if (key.disabled) return { ...found, rule, seen: `secret key "${key.name}", which is disabled`, fix }
  if (key.expiresAt !== null && key.expiresAt <= clock.now()) {
    return { ...found, rule, seen: `secret key "${key.name}", expired at ${timeOf(key.expiresAt)}`, fix }
  }
  return { ...found, rule, seen: `secret key "${key.name}", which is live by now`, fix: 'Try again.' }
}

/** Only its form is told: what is no key of ours may be anyone's secret. */
function describeUnknownKey(secret: string): string {
  if (/^pk_/.test(secret)) return 'a client key (pk_…), which is public and opens nothing here'
  if (/^eyJ/.test(secret)) return 'a token, where a secret key belongs'
  if (isGeneratedSecretKey(secret)) return 'a secret key that is well formed and not of this server'
  return `a key of ${secret.length} characters that this server does not know`
}

export function explainScope({ id, accountId, name, scopes }: ApiKey, scope: Scope): Explanation {
  return {
    accountId,
    apiKeyId: id,
    rule: `The secret key must have the scope ${scope}.`,
    seen: `secret key "${name}" with the scopes ${scopes.join(', ')}`,
    fix: `Use a key with this scope, or make one: \`hallpass api-keys create --scopes ${scope}\`.`,
  }
}

export function explainAccount(id: string): Explanation {
  return {
    rule: `${requestHeaders.accountId} must name the account of the secret key, or a child of it.`,
    seen: redactValue(id),
    fix: 'Correct the id, or leave the header out; `hallpass accounts list` shows the accounts.',
  }
}

/** The call of a page that was refused. */
interface RefusedPage {
  readonly headers: RequestHeaders
  /** The client key's name, or the token. */
  readonly credential: string
  readonly raw: Readonly<Record<string, unknown>>
}

/** Why a page was not let in: its client key, or its Origin. */
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
      rule: 'client_key must be a client key of this server.',
      seen: redactValue(clientKeyName),
      fix: 'Use a client key from `hallpass client-keys list`.',
    }
  }
  const found = { accountId: clientKey.accountId, clientKeyId: clientKey.id }
  if (clientKey.disabled) {
    return {
      ...found,
      rule: 'The client key must not be disabled.',
      seen: `client key "${clientKey.name}", which is disabled`,
      fix: `\`hallpass client-keys update --client-key-id ${clientKey.id} --disabled=false\``,
    }
  }
  const rule = 'There must be one Origin, and it must be on the allowlist of the client key.'
  // one more check of a token, which may be one too many for its address
  const host = await provenHost(services, clientKey.id, raw).catch(() => undefined)
  return { ...found, rule, ...explainOrigin(headers, clientKey, host) }
}

/** `host`: the origin of the page around, where the call proves it. */
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
      fix: 'Call from a page: a browser sends Origin by itself. A backend uses user-token with a secret key.',
    }
  }
  if (count > 1) return { seen: `${count} Origin headers`, fix: 'Take the proxy away that adds a second one.' }
  if (origin === 'null') {
    return {
      seen: 'Origin null',
      fix: 'Serve the page from an http or https origin; a sandboxed iframe needs allow-same-origin.',
    }
  }
  const entries = allowlist.slice(0, shownRules).map(formatAllowlistRule)
  const more = allowlist.length > shownRules ? ` and ${allowlist.length - shownRules} more` : ''
  const shown = redactValue(origin)
  if (host !== undefined && host !== origin) {
    return {
      seen: `Origin: ${shown}, with a proof of the page around it, ${redactValue(host)}; ${shown} is not one of --widget-origins`,
      fix: `If your widget's own page is at ${shown}, start the server with --widget-origins ${shown} (HALLPASS_WIDGET_ORIGINS).`,
    }
  }
  return {
    seen: `Origin: ${shown}; the allowlist holds ${entries.length > 0 ? entries.join(', ') + more : 'nothing'}`,
    fix: `Add the origin to origin_allowlist of client key "${name}" (${id}): \`hallpass client-keys update\`.`,
  }
}

const explainFailures = (limit: number): Explanation => ({
  rule: `One address may send ${limit} wrong credentials a minute.`,
  seen: 'an address that sent as many; until some are a minute old, none of its credentials is checked, right or wrong',
  fix: 'Wait as long as Retry-After says, and stop the caller that sends them. If callers from different addresses are refused together, a proxy stands in front of the server: set --trust-proxy.',
})

/** A refresh token that could not be opened belongs to no account; one that could is outside its lifetime. */
export function explainRefreshToken(
  refresh: RefreshState | undefined,
  fault: ReturnType<typeof timeFaultOf>,
): Explanation {
  const rule = 'A live refresh token of this server is needed.'
  const fix = 'Begin a new session; a refresh token lives for 24 h, and its session for 7 days.'
  if (!refresh) return { rule, seen: 'a text that is no refresh token of this server, or was altered', fix }
  const { account_id: accountId, client_key_id: clientKeyId, expires_at } = refresh
  if (fault === 'not_yet_valid') {
    const seen = `a refresh token issued at ${timeOf(refresh.issued_at)}, which is in the future`
    return { accountId, clientKeyId, rule, seen, fix: 'Set the clocks of all servers by NTP, and begin a new session.' }
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
    who: 'A client key and address',
    setting: 'raise rate_limit.guest_per_minute of the client key',
  },
  client_key: {
    who: 'A client key, over all addresses,',
    setting: 'raise rate_limit.guest_per_minute_total of the client key',
  },
}

export function explainQuota({ limit, windowSeconds, of = 'account' }: Quota): Explanation {
  if (of === 'failures') return explainFailures(limit)
  const { who, setting } = bounded[of]
  return {
    rule: `${who} may make ${limit} calls in ${windowSeconds} s.`,
    seen: 'one more call than that',
    fix: `Wait as long as Retry-After says, or ${setting}.`,
  }
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString()
