import * as z from 'zod'
import { sandboxOutcomes } from './core/enums.js'
import { type BuiltInKind, builtInKindNames, builtInKinds } from './kinds/built-in-kinds.js'
import { jsonObject } from './scalars.js'

/** The user of a token, as named by the customer's backend. */
export const TokenUser = z.strictObject({
  id: z.string().min(1),
  display_name: z.string().optional(),
  email: z.string().optional(),
})
export type TokenUser = z.infer<typeof TokenUser>

/** RFC 7519 claims of every token. Times are in seconds since the epoch. */
const registered = {
  iss: z.string().min(1),
  sub: z.string().min(1),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
  jti: z.string().min(1),
}

/** The secret key that minted the token, or the token that the session came from. Older servers don't set it. */
const api_key_id = z.string().min(1).optional()

const environment = z.enum(['sandbox', 'production'])

/** Claims of a `bridge+jwt`. */
export const BridgeClaims = z.strictObject({
  ...registered,
  aud: z.literal('bridge'),
  account_id: z.string(),
  api_key_id,
  environment,
  external_id: z.string().optional(),
  processing_method: z.enum(['inline', 'background', 'skip']),
  sandbox_outcome: z.enum(sandboxOutcomes).optional(),
})

/** Claims of a `visitor+jwt`. */
export const VisitorClaims = z.strictObject({
  ...registered,
  aud: z.literal('visitor'),
  account_id: z.string(),
  client_key_id: z.string(),
  api_key_id,
  agent_id: z.string(),
  user: TokenUser,
  traits: jsonObject.optional(),
})

/**
 * The types of session tokens. The general ones, which some gateways require, need an audience of the client key's own,
 * so that no token of another kind or account is accepted as one of these.
 */
export const sessionTyps = ['widget-session+jwt', 'at+jwt', 'JWT'] as const
export type SessionTyp = (typeof sessionTyps)[number]

/** The audiences of the built-in kinds, which no client key can have as its own. */
const reservedAudiences: ReadonlySet<unknown> = new Set(builtInKindNames)

/** Whether a client key can have this audience as its own: 1 to 200 printable ASCII characters without spaces. */
export const isOwnAudience = (aud: unknown): boolean =>
  typeof aud === 'string' && /^[\x21-\x7e]{1,200}$/.test(aud) && !reservedAudiences.has(aud)

/** Claims of a session token. */
export const SessionClaims = z.strictObject({
  ...registered,
  // widget-session, or the client key's own
  aud: z.string().refine((aud) => aud === 'widget-session' || isOwnAudience(aud)),
  sid: z.string(),
  account_id: z.string(),
  client_key_id: z.string(),
  // absent for guests: the page starts their session without a secret key
  api_key_id,
  agent_id: z.string(),
  auth_mode: z.enum(['guest', 'user']),
  origin: z.string().optional(),
  // the client key was in observe mode, and its allowlist didn't allow the origin
  origin_unlisted: z.literal(true).optional(),
  user: TokenUser.optional(),
  traits: jsonObject.optional(),
  metadata: jsonObject.optional(),
  // RFC 9449 section 6.1: only the holder of this key can use the token
  cnf: z.strictObject({ jkt: z.string().min(1) }).optional(),
  // RFC 9068 section 2.2: an access token names its client, which is the client key
  client_id: z.string().optional(),
})

/** Claims of an `embed-ticket+jwt`. */
export const EmbedTicketClaims = z.strictObject({
  ...registered,
  aud: z.literal('embed-ticket'),
  account_id: z.string(),
  origin: z.string(),
})

/** Claims of a declared kind. What the account adds is in `claims`, so it can't be mistaken for a claim of ours. */
export const DeclaredClaims = z
  .strictObject({
    ...registered,
    aud: z.string(),
    account_id: z.string(),
    // what minted it: a secret key, or a page with a client key
    api_key_id: z.string().optional(),
    client_key_id: z.string().optional(),
    kind: z.string(),
    kind_revision: z.int(),
    actions: z.array(z.string()),
    resource: z.string().optional(),
    claims: jsonObject.optional(),
    // how often it can be redeemed; absent if any number of times
    uses: z.int().optional(),
    // RFC 9449 section 6.1, for a token that a page minted
    cnf: z.strictObject({ jkt: z.string().min(1) }).optional(),
    // RFC 9068 section 2.2: an access token names its client, which is the key that minted it
    client_id: z.string().optional(),
  })
  .refine(({ api_key_id, client_key_id }) => (api_key_id === undefined) !== (client_key_id === undefined))
export type DeclaredClaims = z.infer<typeof DeclaredClaims>

export type BridgeClaims = z.infer<typeof BridgeClaims>
export type VisitorClaims = z.infer<typeof VisitorClaims>
export type SessionClaims = z.infer<typeof SessionClaims>
export type EmbedTicketClaims = z.infer<typeof EmbedTicketClaims>

const jwtKind = <K extends 'bridge' | 'visitor' | 'widget-session' | 'embed-ticket', C>(kind: K, claims: C) => {
  const { typ, ttl_seconds } = builtInKinds[kind]
  return { typ, ttlSeconds: ttl_seconds.default, claims }
}

/** The built-in kinds of JWT, by audience: `typ` header, lifetime in seconds and claims. No token is valid as two kinds. */
export const jwtKinds = {
  bridge: jwtKind('bridge', BridgeClaims),
  visitor: jwtKind('visitor', VisitorClaims),
  'widget-session': jwtKind('widget-session', SessionClaims),
  'embed-ticket': jwtKind('embed-ticket', EmbedTicketClaims),
} as const

/** A kind of JWT, which is also its audience. */
export type JwtKind = keyof typeof jwtKinds
/** The claims of one kind. */
export type ClaimsOf<K extends JwtKind> = z.infer<(typeof jwtKinds)[K]['claims']>
/** Every kind of token, including opaque ones. All kinds that accounts declare count as one. */
export type TokenKind = BuiltInKind | 'declared'

const { card, refresh } = builtInKinds

/** Lifetimes of the opaque tokens, in seconds. */
export const opaqueLifetimes = {
  card: card.ttl_seconds.default,
  refreshSliding: refresh.ttl_seconds.default,
  refreshAbsolute: refresh.ttl_seconds.max,
} as const
