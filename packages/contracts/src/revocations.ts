import * as z from 'zod'
import { accountRevocationsPath, type CutOffThing, type RevokedThing } from './core/revocation-names.js'

/** The path of the same feed as a stream of Server-Sent Events. */
export const revocationStreamPath = (accountId: string): string => `${accountRevocationsPath(accountId)}/stream`

/** The feed's `typ`: no token is ever taken for it, nor it for a token. */
export const revocationsTyp = 'revocations+jwt'

/** How long a cache may hold the feed, in seconds. */
export const revocationsCacheSeconds = 10

/**
 * What ended before its time, as far as tokens of it could still be alive. In the shape of an IETF status list token
 * (draft-ietf-oauth-status-list: `sub` is its own address, `ttl` how long it may be held), with names in place of bits.
 */
export const RevocationFeed = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.int(),
  exp: z.int(),
  ttl: z.int(),
  /** The ids of the keys whose tokens are good. */
  keys: z.array(z.string()),
  /** Names, one after the other, each {@link revocationNameLength} letters. */
  revoked: z.object({ token: z.string(), session: z.string(), client_key: z.string() } satisfies Record<
    RevokedThing,
    z.ZodType
  >),
  /** All that began up to this time, of whatever account, has ended: the database was restored. Milliseconds. */
  cut_off: z.int().optional(),
  /** By name: all that began up to this time, in milliseconds since the epoch, has ended. */
  cut_offs: z.object({
    account: z.record(z.string(), z.int()),
    client_key: z.record(z.string(), z.int()),
    visitor: z.record(z.string(), z.int()),
    user: z.record(z.string(), z.int()),
    // a feed of an older server has neither of these
    customer: z.record(z.string(), z.int()).default({}),
    api_key: z.record(z.string(), z.int()).default({}),
  } satisfies Record<CutOffThing, z.ZodType>),
})
export type RevocationFeed = z.infer<typeof RevocationFeed>

/** The cutoff that a revocation wrote because the account's feed was full. */
export const FeedCutoff = z
  .object({ scope: z.literal('account'), subject: z.string(), not_before: z.iso.datetime() })
  .describe(
    'Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that began up to this time has ended.',
  )
export type FeedCutoff = z.infer<typeof FeedCutoff>
