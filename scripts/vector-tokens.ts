import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import {
  accountRevocationsPath,
  audienceOf,
  type CutoffThing,
  type RevokedThing,
  revocationsTyp,
  revocationText,
  typOf,
} from '@hallpass/contracts'
import { type DeclaredName, declaredKind } from './vector-kinds.js'

/*
 * The tokens and feeds of the published test vectors. Ed25519 signatures are deterministic, so the files are the same
 * every time.
 */

export const issuer = 'https://pass.example'
export const account = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'
export const otherAccount = '5a1d8f0e-77aa-4c1b-8a55-2f4f4c0f7d22'
export const now = Date.parse('2026-11-21T08:00:00.000Z')
const seconds = now / 1000
export const began = now - 300_000
/** What the tokens are about. */
export const session = {
  sid: idAt(began, '4a1'),
  visitor: '3f1f8d1c-93a7-4d3e-8b0e-0d2f8a6c1b33',
  clientKey: idAt(began - 1e9, '4c2'),
  user: 'user_42',
} as const
export const bridge = { jti: idAt(began, '4b3'), customer: '7c0b1e52-1f3a-4f0e-9d56-3a1f0f6f2b10' } as const
export const declared = {
  jti: idAt(began, '4e5'),
  apiKey: idAt(began - 1e9, '4f6'),
  subject: 'user_42',
  resource: 'report_7',
} as const

export const keys = { 'key-1': keyOf(1), removed: keyOf(2), unpublished: keyOf(3) } as const
export type Kid = keyof typeof keys

/** A kind of token that a verifier can verify. */
export type Kind = 'widget-session' | 'bridge' | DeclaredName
export type Feed = Record<string, unknown>

/** A UUID of version 7 with a given time. */
export function idAt(time: number, end: string): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000${end}`
}

function keyOf(seed: number): KeyObject {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

export function jws(
  payload: object,
  { kid = 'key-1', ...header }: { typ: string; kid?: string; alg?: string; key?: Kid },
) {
  const { typ, alg = 'EdDSA', key = kid as Kid } = header
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg, kid, typ })}.${encode(payload)}`
  return `${input}.${sign(null, Buffer.from(input), keys[key]).toString('base64url')}`
}

/** `more` changes claims. */
export function tokenOf(kind: Kind, kid: Kid = 'key-1', more: object = {}, typ: string = typOfKind(kind)): string {
  return jws({ ...claimsOf(kind, Math.floor(began / 1000)), ...more }, { typ, kid })
}

const isBuiltIn = (kind: Kind) => kind === 'bridge' || kind === 'widget-session'
const typOfKind = (kind: Kind) => (isBuiltIn(kind) ? `${kind}+jwt` : typOf(declaredKind(kind)))

function claimsOf(kind: Kind, iat: number): object {
  const common = { iss: issuer, aud: kind }
  if (kind === 'bridge') {
    const settings = { environment: 'sandbox', processing_method: 'inline' }
    return {
      ...common,
      sub: bridge.customer,
      account_id: account,
      ...settings,
      iat,
      exp: iat + 14_400,
      jti: bridge.jti,
    }
  }
  if (kind === 'widget-session') {
    const who = { sid: session.sid, account_id: account, client_key_id: session.clientKey, agent_id: 'agent_1' }
    const claims = { ...common, sub: session.visitor, ...who, auth_mode: 'user', user: { id: session.user } }
    return { ...claims, iat, exp: iat + 900, jti: idAt(began, '4d4') }
  }
  return declaredClaims(kind, iat)
}

/** The claims of a token with the longest lifetime of its kind. */
function declaredClaims(name: DeclaredName, iat: number): object {
  const kind = declaredKind(name)
  return {
    iss: issuer,
    aud: audienceOf(kind),
    sub: declared.subject,
    account_id: account,
    api_key_id: declared.apiKey,
    kind: name,
    kind_revision: 1,
    actions: kind.actions,
    ...(kind.resource === 'required' ? { resource: declared.resource } : {}),
    claims: kind.claims,
    iat,
    exp: iat + kind.ttl_seconds.max,
    jti: declared.jti,
  }
}

/** How the feed names something of the account. */
export const nameOf = (what: RevokedThing | CutoffThing, ...id: string[]) =>
  createHash('sha256')
    .update(revocationText(what, account, ...id))
    .digest('base64url')
    .slice(0, 16)

/** Names of other things, so that the right one is neither first nor alone. */
const filler = ['one', 'two'].map((id) => nameOf('session', id)).join('')

export function feedOf(changes: Feed = {}): Feed {
  return {
    iss: issuer,
    sub: issuer + accountRevocationsPath(account),
    iat: seconds - 5,
    exp: seconds + 595,
    ttl: 10,
    keys: ['key-1'],
    revoked: { token: '', session: '', client_key: '' },
    ...changes,
    cut_offs: { account: {}, client_key: {}, visitor: {}, user: {}, ...(changes.cut_offs as object) },
  }
}

/** A feed that differs by `changes` from one that revokes nothing. */
export const signed = (changes?: Feed) => jws(feedOf(changes), { typ: revocationsTyp })
/** A feed that lists one thing. */
export const revoking = (what: RevokedThing, ...id: string[]) =>
  signed({ revoked: { token: '', session: '', client_key: '', [what]: filler + nameOf(what, ...id) } })
/** A feed with one cutoff. */
export const cutoff = (scope: CutoffThing, subject: string, at: number) =>
  signed({ cut_offs: { [scope]: { [nameOf(scope, subject)]: at } } })

/** A token, a feed, and what a verifier decides. */
export interface Vector {
  readonly name: string
  readonly kind: Kind
  readonly token: string
  readonly feed: string
  readonly now: number
  readonly verdict: 'ok' | 'revoked' | 'unknown_key' | 'unavailable'
}

export function vector(
  name: string,
  kind: Kind,
  feed: string,
  verdict: Vector['verdict'],
  more: Partial<Vector> = {},
): Vector {
  return { name, kind, token: tokenOf(kind), feed, now, verdict, ...more }
}

/** The keys that the issuer publishes. */
export const publishedKeys = (['key-1', 'removed'] as const).map((kid) => {
  // in one order, which differs between versions of Node
  const { crv, x, kty } = createPublicKey(keys[kid]).export({ format: 'jwk' })
  return { crv, x, kty, kid, alg: 'EdDSA', use: 'sig' }
})
