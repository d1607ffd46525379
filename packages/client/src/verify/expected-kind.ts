import {
  type BridgeClaims,
  type ClaimsIssue,
  type DeclaredClaims,
  jwtKinds,
  readVerifiedDeclaration,
  type SessionClaims,
  sessionTyps,
  typOf,
  validateClaims,
  validateDeclaredClaims,
} from '@hallpass/contracts'
import type { VerifiableKind } from './verdict.js'

/** The claims of any kind of token that can be verified. */
export type AnyClaims = BridgeClaims | SessionClaims | DeclaredClaims

/** The kind of token that a verifier accepts. */
export interface ExpectedKind {
  /** The header `typ` of its tokens. */
  readonly typs: readonly string[]
  /** Checks the claims. `now` is in seconds since the epoch. */
  readonly validate: (
    payload: unknown,
    expected: { readonly issuer: string; readonly now: number },
  ) => { readonly claims: AnyClaims } | { readonly issue: ClaimsIssue | 'unspent' }
}

interface Options {
  readonly kind: string
  readonly audience?: string | undefined
  readonly schema?: unknown
  readonly allowUnspent?: boolean | undefined
}

export function expectedKind({ kind, audience, schema, allowUnspent = false }: Options): ExpectedKind {
  return schema === undefined ? builtInKind(kind as VerifiableKind, audience) : declaredKind(kind, schema, allowUnspent)
}

function builtInKind(kind: VerifiableKind, audience: string | undefined): ExpectedKind {
  return {
    // a general type is only safe with an audience that no other kind of token has
    typs: kind === 'widget-session' && audience !== undefined ? sessionTyps : [jwtKinds[kind].typ],
    validate: (payload, expected) => validateClaims(kind, payload, { ...expected, audience: audience ?? kind }),
  }
}

function declaredKind(kind: string, schema: unknown, allowUnspent: boolean): ExpectedKind {
  const declaration = readVerifiedDeclaration(schema)
  if (declaration.name !== kind) throw new TypeError(`The schema declares ${declaration.name}, not ${kind}.`)
  if (declaration.form !== 'jwt')
    throw new TypeError(`Tokens of ${kind} are opaque, so they can only be redeemed or introspected.`)
  return {
    typs: [typOf(declaration)],
    validate(payload, expected) {
      const validated = validateDeclaredClaims(declaration, payload, expected)
      if ('issue' in validated) return validated
      // offline, nothing counts the uses
      return validated.claims.uses !== undefined && !allowUnspent ? { issue: 'unspent' } : validated
    },
  }
}
