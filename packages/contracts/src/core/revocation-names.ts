/** The path of the feed of all accounts, for verifiers that don't support feeds per account. */
export const revocationsPath = '/.well-known/revocations'

/** The path of the feed of one account. */
export const accountRevocationsPath = (accountId: string): string => `${revocationsPath}/${accountId}`

/** What can be revoked one by one. */
export type RevokedThing = 'token' | 'session' | 'client_key'
/** What a cutoff can apply to. */
export type CutoffThing =
  | 'account'
  | 'client_key'
  | 'visitor'
  | 'user'
  | 'customer'
  | 'api_key'
  | 'kind'
  | 'subject'
  | 'resource'

/** Something whose revocation ends a token, with its id. */
export type Ending = readonly [what: RevokedThing | CutoffThing, id: string, ...more: string[]]

/**
 * Stands for the secret key of tokens that don't name one because an older server issued them. Revoking any secret key of
 * the account ends these tokens too, because that key may have minted them.
 */
export const unnamedApiKey = ''

/** The secret key behind a token, session or refresh token. Undefined for guests, who don't need one. */
export const mintingKeyOf = (owner: {
  readonly auth_mode?: 'guest' | 'user'
  readonly api_key_id?: string | undefined
}): string | undefined => (owner.auth_mode === 'guest' ? undefined : (owner.api_key_id ?? unnamedApiKey))

/** The claims that determine what can end a session. */
export interface SessionNames {
  readonly account_id: string
  readonly sid: string
  readonly client_key_id: string
  readonly sub: string
  readonly auth_mode?: 'guest' | 'user'
  readonly api_key_id?: string | undefined
  readonly user?: { readonly id: string } | undefined
  readonly origin?: string | undefined
  readonly origin_unlisted?: true | undefined
}

/** Everything whose revocation ends a session. */
export const endingsOfSession = (claims: SessionNames): readonly Ending[] => {
  const endings: readonly (Ending | readonly [what: Ending[0], unknown: undefined])[] = [
    ['session', claims.sid],
    ['account', claims.account_id],
    ['client_key', claims.client_key_id],
    ['visitor', claims.sub],
    ['user', claims.user?.id],
    ['api_key', mintingKeyOf(claims)],
    ['client_key', claims.origin_unlisted && claims.origin && unlistedOriginOf(claims.client_key_id, claims.origin)],
  ]
  return endings.filter((ending): ending is Ending => ending[1] !== undefined)
}

/** The claims that determine what can end a token of a declared kind. */
export interface DeclaredNames {
  readonly account_id: string
  readonly jti: string
  readonly kind: string
  readonly sub: string
  readonly api_key_id?: string | undefined
  readonly client_key_id?: string | undefined
  readonly resource?: string | undefined
}

/** Everything whose revocation ends a token of a declared kind. */
export const endingsOfDeclared = (claims: DeclaredNames): readonly Ending[] => [
  ['token', 'declared', claims.jti],
  ['account', claims.account_id],
  ...(claims.api_key_id === undefined ? [] : [['api_key', claims.api_key_id] as const]),
  ...(claims.client_key_id === undefined ? [] : [['client_key', claims.client_key_id] as const]),
  ['kind', claims.kind],
  ['subject', claims.sub],
  ...(claims.resource === undefined ? [] : [['resource', claims.resource] as const]),
]

/**
 * The subject of the `client_key` cutoff that ends the sessions of one origin, if they began in observe mode with
 * `origin_unlisted`.
 */
export const unlistedOriginOf = (clientKeyId: string, origin: string): string => `${clientKeyId} ${origin}`

/**
 * The name of something in the feed is the SHA-256 of this text, shortened by {@link revocationName}. This way, the
 * holder of a token can look it up, and anyone else learns only how much was revoked.
 */
export const revocationText = (what: RevokedThing | CutoffThing, accountId: string, ...id: readonly string[]): string =>
  JSON.stringify([what, accountId, ...id])

/** The length of a name in characters. */
export const revocationNameLength = 16

/** The name for a text's SHA-256: its first 12 bytes in base64url. */
export const revocationName = (sha256: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(sha256, 0, 12)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
