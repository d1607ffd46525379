import {
  type ClaimsIssue,
  importPublicKey,
  isSignedBy,
  type JwtKind,
  type ParsedToken,
  type PublicJwk,
  parseToken,
  validateClaims,
} from '@hallpass/contracts'
import { z } from 'zod'
import { sayClaims } from './say-claims.js'

/** What a token is held against. */
export interface Measure {
  readonly keys: readonly PublicJwk[]
  /** Undefined where it is not known who the issuer is: then whoever the token names. */
  readonly issuer: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What can be said of a token without asking the service about it. */
export interface Inspection {
  readonly kind: JwtKind | 'card' | 'refresh' | 'none'
  /** `opaque`: only the service can tell. */
  readonly verdict: 'accepted' | 'refused' | 'opaque'
  readonly refused_because: readonly string[]
  /** What the token permits, in words. */
  readonly says: readonly string[]
  readonly issued_at?: string
  readonly expires_at?: string
  /** Below 0 when it is over. */
  readonly seconds_left?: number
  readonly header?: unknown
  readonly claims?: unknown
}

const faults: Readonly<Record<ClaimsIssue, string>> = {
  bad_claims: 'its claims are not those of its kind',
  wrong_issuer: 'another issuer made it',
  not_yet_valid: 'its life has not begun',
  expired: 'its life is over',
}

/** Seconds since the epoch that are a time at all (ECMA-262 section 21.4.1.1). */
const Seconds = z.int().min(-8.64e12).max(8.64e12)
const Times = z.object({ iat: Seconds, exp: Seconds })

/** Decodes a token and verifies it by the issuer's public keys. Whether it was spent or revoked, only the service knows. */
export async function inspectToken(token: string, measure: Measure): Promise<Inspection> {
  const opaque = opaqueKindOf(token)
  if (opaque) {
    const says = ['It is opaque: only the service can tell, by `hallpass tokens introspect`.']
    return { kind: opaque, verdict: 'opaque', refused_because: [], says }
  }
  const parsed = parseToken(token)
  if (!parsed) return inspectForeign(token)
  const refused_because = [...(await signatureFaults(token, parsed, measure.keys)), ...claimsFaults(parsed, measure)]
  return {
    kind: parsed.kind,
    verdict: refused_because.length === 0 ? 'accepted' : 'refused',
    refused_because,
    says: sayClaims(parsed.kind, parsed.payload),
    ...timesOf(parsed.payload, measure.now),
    header: { alg: parsed.alg, kid: parsed.kid, typ: parsed.typ },
    claims: parsed.payload,
  }
}

function opaqueKindOf(token: string): 'card' | 'refresh' | undefined {
  if (token.startsWith('hprt_')) return 'refresh'
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token) ? 'card' : undefined
}

/** Something else, which is shown as far as it can be read. */
function inspectForeign(token: string): Inspection {
  const [header, claims] = token.split('.').map(readPart)
  return {
    kind: 'none',
    verdict: 'refused',
    refused_because: ['it is not a token of this service, or not in its one spelling'],
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

async function signatureFaults(token: string, parsed: ParsedToken, keys: readonly PublicJwk[]): Promise<string[]> {
  const jwk = keys.find((key) => key.kid === parsed.kid)
  if (!jwk) return ['it names a key that the issuer does not publish']
  const key = await importPublicKey(jwk)
  return key && (await isSignedBy(key, token, parsed)) ? [] : ['its signature does not fit']
}

function claimsFaults({ kind, payload }: ParsedToken, { issuer, now }: Measure): string[] {
  const own = typeof payload === 'object' && payload !== null && 'iss' in payload ? String(payload.iss) : ''
  const judged = validateClaims(kind, payload, { issuer: issuer ?? own, now: now / 1000 })
  return 'issue' in judged ? [faults[judged.issue]] : []
}

function timesOf(payload: unknown, now: number): Pick<Inspection, 'issued_at' | 'expires_at' | 'seconds_left'> {
  const times = Times.safeParse(payload)
  if (!times.success) return {}
  const { iat, exp } = times.data
  return { issued_at: timeOf(iat), expires_at: timeOf(exp), seconds_left: exp - Math.floor(now / 1000) }
}

const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString()
