import { allowsOrigin } from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { judgeOrigin } from '../sessions/judge-origin.js'
import type { RefreshState } from '../sessions/refresh-token.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import { explainPage } from './explain.js'
import type { Services } from './services.js'

/** The call of a page, as {@link explainPage} reads it. */
type Page = Parameters<typeof explainPage>[1] & {
  /** The holder of a token may call without an Origin, but an Origin that is sent must be allowed. */
  readonly isOriginRequired: boolean
  /** The session that the call continues. In observe mode, an origin that is not allowed can continue only its own. */
  readonly refresh?: Pick<RefreshState, 'origin' | 'origin_unlisted'> | undefined
}

/** Requires an active client key and an allowed Origin. The refusal is the same for both. */
export function requireAllowedOrigin(
  services: Services,
  clientKey: ClientKey | undefined,
  page: Page,
): { readonly clientKey: ClientKey; readonly origin: string | undefined } {
  const origin = page.headers.get('origin')
  if (clientKey && !clientKey.disabled) {
    const listed = isListed(services, clientKey, page)
    countOrigin(services, clientKey, page, listed)
    if (listed || isObserved(services, clientKey, page)) return { clientKey, origin }
  }
  const explain = () => explainPage(services, page, clientKey)
  throw new HallpassError('origin_not_allowed', messages.originNotAllowed, { explain })
}

/** Counts what the allowlist decided. It doesn't decide about the server's own widgets, or a call without an Origin. */
function countOrigin(
  { origins, widgetOrigins }: Pick<Services, 'origins' | 'widgetOrigins'>,
  { id, accountId }: ClientKey,
  { headers }: Page,
  isAllowed: boolean,
): void {
  const origin = headers.get('origin')
  if (origin === undefined || widgetOrigins.has(origin)) return
  origins.count({ accountId, clientKeyId: id, origin, outcome: isAllowed ? 'allowed' : 'refused' })
}

/** What the allowlist decides, or a rule that comes before it. */
function isListed(
  { widgetOrigins }: Pick<Services, 'widgetOrigins'>,
  { allowlist }: ClientKey,
  { headers, isOriginRequired }: Page,
): boolean {
  const origin = headers.get('origin')
  if (origin === undefined) return !isOriginRequired
  if (headers.count('origin') > 1) return false
  return widgetOrigins.has(origin) || allowsOrigin(allowlist, origin)
}

function isObserved({ clock }: Services, clientKey: ClientKey, { headers, refresh }: Page): boolean {
  const origin = headers.get('origin')
  if (origin === undefined || headers.count('origin') > 1) return false
  if (refresh && !(refresh.origin_unlisted && refresh.origin === origin)) return false
  return judgeOrigin(clientKey, origin, clock.now()) === 'unlisted'
}
