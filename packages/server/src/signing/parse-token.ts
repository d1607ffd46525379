import { type JwtKind, jwtKinds } from '@hallpass/contracts'
import { z } from 'zod'

/** A token that is well formed; its signature and claims are still unproven. */
export interface ParsedToken {
  readonly kind: JwtKind
  readonly kid: string
  readonly alg: 'EdDSA' | 'ES256'
}

// 4 KiB of traits, and names at their longest, still fit
const maxLength = 16_384
const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** Exactly what this service writes: no jku, jwk, x5u, x5c, crit, b64 or anything else that could steer verification. */
const Header = z.strictObject({
  alg: z.enum(['EdDSA', 'ES256']),
  kid: z.string().min(1).max(100),
  typ: z.string(),
})

const kindsByTyp = new Map(Object.entries(jwtKinds).map(([kind, { typ }]) => [typ as string, kind as JwtKind]))

/** Takes a JWT apart, or undefined when it is not one that this service could have written. */
export function parseToken(token: string): ParsedToken | undefined {
  if (token.length > maxLength || !compact.test(token)) return undefined
  const parts = token.split('.')
  // a second spelling of the same bytes would be a second token
  if (!parts.every(isCanonicalBase64url)) return undefined
  const header = Header.safeParse(parseJson(parts[0] ?? ''))
  if (!header.success || parseJson(parts[1] ?? '') === undefined) return undefined
  const kind = kindsByTyp.get(header.data.typ)
  return kind && { kind, kid: header.data.kid, alg: header.data.alg }
}

function isCanonicalBase64url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

/** JSON as this service writes it: white space or a member given twice would be a second spelling too. */
function parseJson(part: string): unknown {
  const bytes = Buffer.from(part, 'base64url')
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return Buffer.from(JSON.stringify(value)).equals(bytes) ? value : undefined
  } catch {
    return undefined
  }
}
