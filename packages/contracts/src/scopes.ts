import { z } from 'zod'

/** What a secret key may do; `*` is everything. */
export const scopes = [
  '*',
  'bridge:write',
  'visitor:write',
  'cards:write',
  'tokens:redeem',
  'tokens:introspect',
  'tokens:revoke',
  'admin',
] as const

export const Scope = z.enum(scopes)
export type Scope = z.infer<typeof Scope>
