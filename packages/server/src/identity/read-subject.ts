import { createHash } from 'node:crypto'
import { isPlainObject, jsonObject, TokenUser, type TrustedIssuer } from '@hallpass/contracts'
import type { JWTPayload } from 'jose'

/** The user whom an issuer vouches for. */
export interface Subject {
  readonly user: TokenUser
  readonly traits?: Readonly<Record<string, unknown>>
}

const maxSubjectLength = 255

/**
 * The user in a verified token, or what is wrong with it. The issuer is part of the user's id, so that two issuers, or an
 * issuer and the customer's backend, never mean the same user. No issuer contains the character between them.
 */
export function readSubject(
  { issuer, subject_claim, claims = {} }: Pick<TrustedIssuer, 'issuer' | 'subject_claim' | 'claims'>,
  payload: JWTPayload,
): Subject | string {
  const claim = (name: string | undefined) =>
    name !== undefined && Object.hasOwn(payload, name) ? payload[name] : undefined
  const subject = claim(subject_claim)
  if (typeof subject !== 'string' || !isShortText(subject)) {
    return `no text of 1 to ${maxSubjectLength} characters in the claim ${subject_claim}`
  }
  const texts = { display_name: claim(claims.display_name), email: claim(claims.email) }
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined && (typeof value !== 'string' || !isShortText(value))) {
      return `no text of 1 to ${maxSubjectLength} characters in the claim for ${name}`
    }
  }
  const named = (claims.traits ?? []).flatMap((name) => (claim(name) === undefined ? [] : [[name, claim(name)]]))
  const traits = jsonObject.safeParse(Object.fromEntries(named))
  if (!traits.success) return 'claims for traits that are too large'
  const user = TokenUser.safeParse({ id: `${issuer}|${subject}`, ...withoutUndefined(texts) })
  if (!user.success) return 'claims that name no user'
  return { user: user.data, ...(named.length > 0 ? { traits: traits.data } : {}) }
}

const isShortText = (text: string) =>
  text !== '' && text.length <= maxSubjectLength && text.isWellFormed() && !/\p{Cc}/u.test(text)

const withoutUndefined = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/**
 * The name under which a token is spent. Without a `jti`, it is what the issuer signed: the signature isn't part of it,
 * because anyone can make a second valid one of an ECDSA signature. Undefined for a `jti` that is no text.
 */
export function spendName(issuer: string, { jti }: JWTPayload, token: string): string | undefined {
  if (jti !== undefined && (typeof jti !== 'string' || jti === '' || jti.length > 1024)) return undefined
  const signed = token.slice(0, token.lastIndexOf('.'))
  const named = jti === undefined ? ['signed', issuer, signed] : ['jti', issuer, jti]
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url')
}

/** The claim `iss`, before anything is verified. */
export function issuerIn(payload: unknown): string | undefined {
  return isPlainObject(payload) && typeof payload.iss === 'string' ? payload.iss : undefined
}
