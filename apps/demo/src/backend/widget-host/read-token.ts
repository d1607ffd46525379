import type { HallpassClient } from '@hallpass/client'
import { type ClaimsOf, Faults, jwtKinds, parseWith } from '@hallpass/contracts'

/** The claims of a token that is of this kind and active now, as Hallpass says; undefined for any other. */
export async function readToken<K extends 'bridge' | 'widget-session'>(
  hallpass: HallpassClient,
  kind: K,
  token: string,
): Promise<ClaimsOf<K> | undefined> {
  const answer = await hallpass.tokens.introspect({ token })
  if (!answer.active || answer.token_type !== kind) return undefined
  const { active: _, token_type: __, ...claims } = answer
  const parsed = parseWith(jwtKinds[kind].claims, claims)
  // the schema is this kind's own, which the compiler cannot follow through the table
  return parsed instanceof Faults ? undefined : (parsed as ClaimsOf<K>)
}
