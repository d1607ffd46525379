import * as z from 'zod'

/** What a secret key may do. `*` is everything of an account; `host` is for the server as a whole and only ever given by name. */
export const scopes = [
  '*',
  'bridge:write',
  'visitor:write',
  'cards:write',
  'tokens:redeem',
  'tokens:introspect',
  'tokens:revoke',
  'admin',
  'host',
] as const

export const Scope = z.enum(scopes)
export type Scope = z.infer<typeof Scope>
