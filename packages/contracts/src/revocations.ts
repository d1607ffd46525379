import * as z from 'zod'
import { accountRevocationsPath, type CutoffThing, type RevokedThing } from './core/revocation-names.js'

/** The path of the same feed as a stream of Server-Sent Events. */
export const revocationStreamPath = (accountId: string): string => `${accountRevocationsPath(accountId)}/stream`

/** The `typ` of the feed. It keeps feeds and tokens from being mistaken for each other. */
export const revocationsTyp = 'revocations+jwt'

/** How long a cache can keep the feed, in seconds. */
export const revocationsCacheSeconds = 10

/**
 * Everything that was revoked and could still have unexpired tokens. It is shaped like an IETF status list token
 * (draft-ietf-oauth-status-list: `sub` is its own URL, `ttl` how long to cache it), but with names instead of bits.
 */
export const RevocationFeed = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.int(),
  exp: z.int(),
  ttl: z.int(),
  /** The ids of the signing keys whose tokens are valid. */
  keys: z.array(z.string()),
  /** Concatenated names of {@link revocationNameLength} characters each. */
  revoked: z.object({ token: z.string(), session: z.string(), client_key: z.string() } satisfies Record<
    RevokedThing,
    z.ZodType
  >),
  /** Set after the database was restored: everything that started up to this time, in any account, has ended. In milliseconds. */
  cut_off: z.int().optional(),
  /** Times by name, in milliseconds since the epoch. Everything of the name that started up to its time has ended. */
  cut_offs: z.object({
    account: z.record(z.string(), z.int()),
    client_key: z.record(z.string(), z.int()),
    visitor: z.record(z.string(), z.int()),
    user: z.record(z.string(), z.int()),
    // older servers don't send these
    customer: z.record(z.string(), z.int()).default({}),
    api_key: z.record(z.string(), z.int()).default({}),
    kind: z.record(z.string(), z.int()).default({}),
    subject: z.record(z.string(), z.int()).default({}),
    resource: z.record(z.string(), z.int()).default({}),
  } satisfies Record<CutoffThing, z.ZodType>),
})
export type RevocationFeed = z.infer<typeof RevocationFeed>

/** The cutoff that a revocation wrote because the account's feed was full. */
export const FeedCutoff = z
  .object({
    scope: z.literal('account').describe('What was ended'),
    subject: z.string().describe('The id of the account'),
    not_before: z.iso.datetime().describe('Everything that started up to this time has ended; RFC 3339, UTC'),
  })
  .describe(
    'Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that started up to this time has ended.',
  )
export type FeedCutoff = z.infer<typeof FeedCutoff>
