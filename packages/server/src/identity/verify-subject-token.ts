import type { TrustedIssuer } from '@hallpass/contracts'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Clock } from '../clock.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { redactValue } from '../refusals/redact-value.js'
import type { IssuerKeys } from './cache-issuer-keys.js'
import { KeysUnavailable, usableKeys } from './fetch-jwks.js'
import { issuerIn, readSubject, type Subject, spendName } from './read-subject.js'

/** Signed with a private key only: a server that can verify HS256 could also sign. */
const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA', 'Ed25519']
/** Other types are for other purposes, such as logout tokens and proofs of keys. */
const typs: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])
const maxLength = 16_384
/** How far the issuer's clock may differ, in both directions. */
const toleranceSeconds = 60
/** The largest `max_age`: no token is accepted longer, even if the setting is raised later. */
const longestSeconds = 86_400

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  /** The issuer of this server. */
  readonly issuer: () => string
  readonly issuerKeys: IssuerKeys
  /** The trace to continue if the keys must be fetched. */
  readonly traceparent?: string | undefined
}

/** A verified token that may still have been spent. Times in milliseconds. */
export interface SubjectToken extends Subject {
  readonly spendName: string
  readonly issuedAt: number
  /** From then on, the token is refused whether or not it was spent. */
  readonly expiresAt: number
}

/** {@link verifySubjectToken} with its dependencies already given. */
export type VerifySubjectToken = (client: Client, token: string, traceparent?: string) => Promise<SubjectToken>

interface Client {
  readonly accountId: string
  readonly trustedIssuers: readonly TrustedIssuer[]
}

/** Verifies the token of an issuer that a client key trusts. Throws the refusal of any other. */
export async function verifySubjectToken(deps: Deps, client: Client, token: string): Promise<SubjectToken> {
  const { header, issuer } = readToken(deps, client, token)
  const keys = await keysOf(deps, client.accountId, issuer, header.kid)
  const { iat, exp, ...payload } = await verified(deps, issuer, keys, token)
  const name = spendName(issuer.issuer, payload, token)
  if (name === undefined) throw refused('a token whose jti is not a text of 1 to 1024 characters')
  const subject = readSubject(issuer, payload)
  if (typeof subject === 'string') throw refused(`a token with ${subject}`)
  const expiresAt = (Math.min(exp, iat + longestSeconds) + toleranceSeconds) * 1000
  return { ...subject, spendName: name, issuedAt: Math.min(iat * 1000, deps.clock.now()), expiresAt }
}

/** The header and the issuer that the token names. Nothing of it is verified yet. */
function readToken({ issuer: own }: Deps, { trustedIssuers }: Client, token: string) {
  if (token.length > maxLength) throw refused(`a token of more than ${maxLength} characters`)
  const read = () => ({ header: decodeProtectedHeader(token), payload: decodeJwt(token) })
  const { header, payload } = attempt(read) ?? {}
  if (!header || !payload) throw refused('a text that is not a signed JWT')
  if (!algorithms.includes(String(header.alg))) {
    throw refused(`a token with the algorithm ${redactValue(header.alg)}; it must be asymmetric`)
  }
  if (!typs.has(header.typ?.toLowerCase())) throw refused(`a token of the type ${redactValue(header.typ)}`)
  const iss = issuerIn(payload)
  const issuer = iss === own() ? undefined : trustedIssuers.find(({ issuer }) => issuer === iss)
  if (!issuer) throw refused(`a token of the issuer ${redactValue(iss)}, which the client key does not trust`)
  return { header, issuer }
}

const localKeys = new WeakMap<object, JWTVerifyGetKey>()

async function keysOf(
  { issuerKeys, traceparent }: Deps,
  accountId: string,
  { issuer, jwks_uri, jwks }: TrustedIssuer,
  kid: string | undefined,
): Promise<JWTVerifyGetKey> {
  if (jwks) {
    const known = localKeys.get(jwks) ?? createLocalJWKSet({ keys: usableKeys(jwks.keys) })
    localKeys.set(jwks, known)
    return known
  }
  try {
    return await issuerKeys.find(accountId, jwks_uri ?? '', kid, traceparent)
  } catch (cause) {
    if (!(cause instanceof KeysUnavailable)) throw cause
    const explain = () => ({ seen: `the keys of ${issuer} could not be fetched from ${jwks_uri}: ${cause.message}` })
    throw new HallpassError('unavailable', messages.unavailable, { cause, explain, retryAfter: 1 })
  }
}

async function verified(
  { clock }: Deps,
  { issuer, audience, max_age }: TrustedIssuer,
  keys: JWTVerifyGetKey,
  token: string,
) {
  const expected = { algorithms, issuer, audience, maxTokenAge: max_age, requiredClaims: ['exp', 'iat'] }
  const at = { clockTolerance: toleranceSeconds, currentDate: new Date(clock.now()) }
  try {
    const { payload } = await jwtVerify(token, keys, { ...expected, ...at })
    const { iat, exp } = payload
    if (iat === undefined || exp === undefined) throw refused('a token without exp or iat')
    return { ...payload, iat, exp }
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(describe(error))
    throw error
  }
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return `a token that is too old, by its claim ${error.claim}`
  if (error instanceof errors.JWTClaimValidationFailed) return `a token whose claim ${error.claim} is missing or wrong`
  if (error instanceof errors.JWKSNoMatchingKey) return 'a token with a key that the issuer does not publish'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'a token without a kid, although several keys fit'
  return 'a token with an invalid signature'
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const refused = (seen: string) =>
  new HallpassError('invalid_token', messages.invalidSubjectToken, {
    explain: () => ({
      rule: 'The subject token must be an unused JWT of an issuer in trusted_issuers of the client key.',
      seen,
      fix: 'Compare the claims of the token with the setting: iss, aud, iat and exp, and the keys of the issuer.',
    }),
  })
