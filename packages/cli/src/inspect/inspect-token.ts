import {
  type ClaimsIssue,
  DeclaredClaims,
  importPublicKey,
  isSignedBy,
  type JwtKind,
  type KindDeclaration,
  type ParsedJws,
  type PublicJwk,
  parseJws,
  parseToken,
  typOf,
  validateClaims,
  validateDeclaredClaims,
} from '@hallpass/contracts'
import { z } from 'zod'
import { describeClaims, describeDeclared } from './describe-claims.js'

/** What a token is checked against. */
export interface Expectations {
  readonly keys: readonly PublicJwk[]
  /** If undefined, the issuer that the token names is accepted. */
  readonly issuer: string | undefined
  /** The declaration of the kind that the token should have, if it is not a built-in one. */
  readonly declaration: KindDeclaration | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What is known about a token without asking the service. */
export interface Inspection {
  readonly kind: JwtKind | 'card' | 'refresh' | 'declared' | 'none'
  /**
   * `opaque` means that only the service can verify it, and `undecided` that nothing is wrong with it, but the declaration
   * of its kind is missing.
   */
  readonly verdict: 'accepted' | 'refused' | 'opaque' | 'undecided'
  readonly refused_because: readonly string[]
  /** Sentences that describe what the token permits. */
  readonly says: readonly string[]
  readonly issued_at?: string
  readonly expires_at?: string
  /** Negative if it has expired. */
  readonly seconds_left?: number
  readonly header?: unknown
  readonly claims?: unknown
}

const issues: Readonly<Record<ClaimsIssue, string>> = {
  bad_claims: 'its claims are not valid for its kind',
  wrong_audience: 'it is for another audience',
  wrong_issuer: 'it is from another issuer',
  not_yet_valid: 'it is not valid yet',
  expired: 'it has expired',
}

/** Seconds since the epoch, in the range of a JavaScript date (ECMA-262 section 21.4.1.1). */
const Seconds = z.int().min(-8.64e12).max(8.64e12)
const Times = z.object({ iat: Seconds, exp: Seconds })

/** Decodes a token and verifies it with the issuer's public keys. Only the service knows whether it was spent or revoked. */
export async function inspectToken(token: string, expected: Expectations): Promise<Inspection> {
  const opaque = opaqueKindOf(token)
  if (opaque) {
    const says = ['It is opaque, so only the service can verify it. Run `hallpass tokens introspect`.']
    return { kind: opaque, verdict: 'opaque', refused_because: [], says }
  }
  const jws = parseJws(token)
  const kind = parseToken(token)?.kind
  if (!jws) return inspectForeign(token)
  if (kind) return judge(token, { kind, issues: builtInIssues(kind, jws, expected), jws }, expected)
  const declared = DeclaredClaims.safeParse(jws.payload)
  if (!declared.success) return inspectForeign(token)
  return judge(token, { kind: 'declared', issues: declaredIssues(declared.data, jws, expected), jws }, expected)
}

interface Readable {
  readonly kind: JwtKind | 'declared'
  readonly issues: readonly string[]
  readonly jws: ParsedJws
}

async function judge(token: string, { kind, issues, jws }: Readable, expected: Expectations): Promise<Inspection> {
  const refused_because = [...(await signatureIssues(token, jws, expected.keys)), ...issues]
  const isKnown = kind !== 'declared' || expected.declaration !== undefined
  const passed = isKnown ? 'accepted' : 'undecided'
  return {
    kind,
    verdict: refused_because.length === 0 ? passed : 'refused',
    refused_because,
    says: kind === 'declared' ? describeDeclared(jws.payload, isKnown) : describeClaims(kind, jws.payload),
    ...timesOf(jws.payload, expected.now),
    header: { alg: jws.alg, kid: jws.kid, typ: jws.typ },
    claims: jws.payload,
  }
}

function opaqueKindOf(token: string): 'card' | 'refresh' | 'declared' | undefined {
  if (token.startsWith('hprt_')) return 'refresh'
  if (token.startsWith('hpkt_')) return 'declared'
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token) ? 'card' : undefined
}

/** Shows whatever can be decoded of a token that isn't from this service. */
function inspectForeign(token: string): Inspection {
  const [header, claims] = token.split('.').map(readPart)
  return {
    kind: 'none',
    verdict: 'refused',
    refused_because: ['it is not a token of this service, or its encoding was changed'],
    says: [],
    ...(header === undefined ? {} : { header }),
    ...(claims === undefined ? {} : { claims }),
  }
}

function readPart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

async function signatureIssues(token: string, parsed: ParsedJws, keys: readonly PublicJwk[]): Promise<string[]> {
  const jwk = keys.find((key) => key.kid === parsed.kid)
  if (!jwk) return ['the issuer does not publish the key that it names']
  const key = await importPublicKey(jwk)
  return key && (await isSignedBy(key, token, parsed)) ? [] : ['its signature is invalid']
}

function builtInIssues(kind: JwtKind, { payload }: ParsedJws, { issuer, now }: Expectations): string[] {
  const own = typeof payload === 'object' && payload !== null && 'iss' in payload ? String(payload.iss) : ''
  const validated = validateClaims(kind, payload, { issuer: issuer ?? own, now: now / 1000 })
  return 'issue' in validated ? [issues[validated.issue]] : []
}

/** Without the declaration, only the issuer and the expiry can be checked. */
function declaredIssues(claims: DeclaredClaims, { typ }: ParsedJws, expected: Expectations): string[] {
  const { declaration, issuer = claims.iss } = expected
  const now = expected.now / 1000
  if (!declaration) {
    if (claims.iss !== issuer) return [issues.wrong_issuer]
    return claims.exp <= now ? [issues.expired] : []
  }
  const validated = validateDeclaredClaims(declaration, claims, { issuer, now })
  const found = 'issue' in validated ? [issues[validated.issue]] : []
  return typ === typOf(declaration) ? found : ['its header has another typ than its kind', ...found]
}

function timesOf(payload: unknown, now: number): Pick<Inspection, 'issued_at' | 'expires_at' | 'seconds_left'> {
  const times = Times.safeParse(payload)
  if (!times.success) return {}
  const { iat, exp } = times.data
  return { issued_at: timeOf(iat), expires_at: timeOf(exp), seconds_left: exp - Math.floor(now / 1000) }
}

const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString()
