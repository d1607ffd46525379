import { allowsOrigin, isHttpOrigin } from '@hallpass/contracts'
import type { ClientKey } from '../store/queries/client-keys.js'

/** What a client key says about an origin: on its allowlist, not on it but observed, or refused. */
export type Standing = 'listed' | 'unlisted' | 'refused'

export function judgeOrigin(
  { allowlist, observeUntil }: Pick<ClientKey, 'allowlist' | 'observeUntil'>,
  origin: string,
  now: number,
): Standing {
  if (allowsOrigin(allowlist, origin)) return 'listed'
  return observeUntil !== undefined && now < observeUntil && isObservable(origin) ? 'unlisted' : 'refused'
}

/** On a plain http page, anyone on the way could have put the widget there, except on the visitor's own machine. */
const isObservable = (origin: string): boolean =>
  isHttpOrigin(origin) && /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$))/.test(origin)
