import type { ClaimsOf, JwtKind } from '@hallpass/contracts'

/** Checks a JWT of the named kind and gives its claims, or undefined. */
export type VerifyKind<K extends JwtKind> = (kind: K, token: string) => Promise<ClaimsOf<K> | undefined>
