import type { HallpassClient } from '@hallpass/client'
import { type ClaimsOf, Faults, jwtKinds, parseWith } from '@hallpass/contracts'

/** The claims of an active token of this kind. Undefined for any other token. */
export async function readToken<K extends 'bridge' | 'widget-session'>(
  hallpass: HallpassClient,
  kind: K,
  token: string,
): Promise<ClaimsOf<K> | undefined> {
  const answer = await hallpass.tokens.introspect({ token })
  if (!answer.active || answer.token_type !== kind) return undefined
  const { active: _, token_type: __, ...claims } = answer
  const parsed = parseWith(jwtKinds[kind].claims, claims)
  // the compiler can't relate the table's schema to K
  return parsed instanceof Faults ? undefined : (parsed as ClaimsOf<K>)
}
