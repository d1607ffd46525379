import { introspectionTyp } from '@hallpass/contracts'
import { type Clock, toSeconds } from '../clock.js'
import type { KeyRing } from './key-ring.js'
import { compactJws } from './sign-token.js'

/** {@link signIntrospection} with its dependencies already given. */
export type SignIntrospection = (apiKeyId: string, token_introspection: unknown) => string

interface Deps {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'signingKey'>
}

/**
 * The answer of an introspection as a JWT (RFC 9701 section 5). It is for the secret key that asked: the user name of
 * HTTP Basic is free, so a caller could have its answer signed for somebody else. Without `sub` and `exp`, it can't pass
 * for a token (section 8.1).
 */
export function signIntrospection(
  { clock, issuer, keyRing }: Deps,
  apiKeyId: string,
  token_introspection: unknown,
): string {
  const payload = { iss: issuer(), aud: apiKeyId, iat: toSeconds(clock.now()), token_introspection }
  return compactJws(keyRing.signingKey(), introspectionTyp, payload)
}
