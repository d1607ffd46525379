import type { ClaimsOf, JwtKind } from '@hallpass/contracts'

/** Checks a JWT of a kind and gives its claims, or undefined. */
export type Verify = <K extends JwtKind>(kind: K, token: string) => Promise<ClaimsOf<K> | undefined>
