import * as z from 'zod'

/** The path of the feed of all accounts, for verifiers that don't know the feed of an account yet. */
export const revocationsPath = '/.well-known/revocations'

/** The path of the feed of one account. */
export const accountRevocationsPath = (accountId: string): string => `${revocationsPath}/${accountId}`

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
  revoked: z.object({ token: z.string(), session: z.string(), client_key: z.string() }),
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
  }),
})
export type RevocationFeed = z.infer<typeof RevocationFeed>

/** The cutoff that a revocation wrote because the account's feed was full. */
export const FeedCutoff = z
  .object({ scope: z.literal('account'), subject: z.string(), not_before: z.iso.datetime() })
  .describe(
    'Set if the account had revoked more single tokens, sessions, users and visitors than its feed can hold: everything of the account that began up to this time has ended.',
  )
export type FeedCutoff = z.infer<typeof FeedCutoff>

/** A single thing that was ended. */
export type RevokedThing = keyof RevocationFeed['revoked']
/** What a cut-off ends all of. */
export type CutOffThing = keyof RevocationFeed['cut_offs']

/**
 * The id that stands for the secret key of a token that doesn't name one, because an older server made it. Revoking any
 * secret key of the account ends such tokens too: they may be that key's.
 */
export const unnamedApiKey = ''

/** The secret key behind a token, a session or its refresh state; undefined for a guest's, which needs none. */
export const mintingKeyOf = (owner: {
  readonly auth_mode?: 'guest' | 'user'
  readonly api_key_id?: string | undefined
}): string | undefined => (owner.auth_mode === 'guest' ? undefined : (owner.api_key_id ?? unnamedApiKey))

/**
 * What the feed calls a thing: the SHA-256 of this text, its first 12 bytes, in base64url. So the feed tells a token's
 * holder about that token, and a stranger how much was ended.
 */
export const revocationText = (what: RevokedThing | CutOffThing, accountId: string, ...id: readonly string[]): string =>
  JSON.stringify([what, accountId, ...id])

/** Letters of a name. */
export const revocationNameLength = 16
