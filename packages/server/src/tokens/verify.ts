import type { ClaimsOf, JwtKind } from '@hallpass/contracts'
import type { VerifyOptions } from '../signing/verify-token.js'

/** Checks a JWT of a kind and gives its claims, or undefined. */
export type Verify = <K extends JwtKind>(
  kind: K,
  token: string,
  options?: VerifyOptions,
) => Promise<ClaimsOf<K> | undefined>
