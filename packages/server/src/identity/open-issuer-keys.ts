import type { Clock } from '../clock.js'
import { resolveByDns } from '../outbound/public-addresses.js'
import { cacheIssuerKeys, type IssuerKeys } from './cache-issuer-keys.js'
import { fetchJwks } from './fetch-jwks.js'

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly config: { readonly localIssuers: boolean }
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

/** The keys of identity providers, fetched over the network. */
export function openIssuerKeys({ clock, config, log }: Deps): IssuerKeys {
  const deps = { resolve: resolveByDns, allowsLocal: config.localIssuers }
  return cacheIssuerKeys({
    clock,
    fetch: (uri, traceparent) => fetchJwks(deps, uri, traceparent),
    onFailure: (failure) => log.warn(failure, 'The keys of an identity provider could not be fetched.'),
  })
}
