/** The path of the feed of all accounts, for verifiers that don't know the feed of an account yet. */
export const revocationsPath = '/.well-known/revocations'

/** The path of the feed of one account. */
export const accountRevocationsPath = (accountId: string): string => `${revocationsPath}/${accountId}`

/** A single thing that can end. */
export type RevokedThing = 'token' | 'session' | 'client_key'
/** What a cutoff ends all of. */
export type CutOffThing = 'account' | 'client_key' | 'visitor' | 'user' | 'customer' | 'api_key'

/** Something that ends a token if the feed names it: what it is, and its id. */
export type Ending = readonly [what: RevokedThing | CutOffThing, id: string, ...more: string[]]

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

/** The claims of a session that decide what can end it. */
export interface SessionNames {
  readonly account_id: string
  readonly sid: string
  readonly client_key_id: string
  readonly sub: string
  readonly auth_mode?: 'guest' | 'user'
  readonly api_key_id?: string | undefined
  readonly user?: { readonly id: string } | undefined
}

/** All that can end a session. */
export const endingsOfSession = (claims: SessionNames): readonly Ending[] => {
  const endings: readonly (Ending | readonly [what: Ending[0], unknown: undefined])[] = [
    ['session', claims.sid],
    ['account', claims.account_id],
    ['client_key', claims.client_key_id],
    ['visitor', claims.sub],
    ['user', claims.user?.id],
    ['api_key', mintingKeyOf(claims)],
  ]
  return endings.filter((ending): ending is Ending => ending[1] !== undefined)
}

/**
 * What the feed calls a thing: the SHA-256 of this text, as {@link revocationName} shortens it. So the feed tells a
 * token's holder about that token, and a stranger how much was ended.
 */
export const revocationText = (what: RevokedThing | CutOffThing, accountId: string, ...id: readonly string[]): string =>
  JSON.stringify([what, accountId, ...id])

/** Letters of a name. */
export const revocationNameLength = 16

/** The name of a text, from its SHA-256: the first 12 bytes in base64url. */
export const revocationName = (sha256: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(sha256, 0, 12)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
