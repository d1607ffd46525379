import { type DeclaredClaims, timeOfId } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { hashKindToken, isKindToken } from '../../crypto/kind-token.js'
import { isEndedByCutoff } from '../../revocation/is-ended-by-cutoff.js'
import { verifyDeclaredToken } from '../../signing/declared-tokens.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { Account } from '../../store/queries/accounts.js'
import type { KindTokenRow } from '../../store/queries/kind-tokens.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'

/** A token of a declared kind of this account, whatever its form. Times in milliseconds. */
export interface KindToken {
  readonly kind: string
  readonly form: 'jwt' | 'opaque'
  readonly revision: number
  readonly jti: string
  readonly audience: string
  readonly subject: string
  readonly resource: string | null
  readonly actions: readonly string[]
  readonly claims: Readonly<Record<string, unknown>> | null
  /** The secret key that minted it, or the client key of the page that did. */
  readonly by: { readonly api_key_id: string } | { readonly client_key_id: string }
  /** The thumbprint of the key that a JWT is bound to. */
  readonly jkt: string | undefined
  readonly issuedAt: number
  readonly expiresAt: number
  /** Revoked, or ended by a cutoff, a restore or a change of its kind. */
  readonly isEnded: boolean
  readonly isExpired: boolean
  readonly isUsedUp: boolean
  readonly usesLeft: number | null
  /** The key of its row. Undefined for a JWT that counts no uses. */
  readonly rowKey: string | undefined
}

export interface FindDeps {
  readonly account: Pick<Account, 'id'>
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
  readonly keys: DerivedKeys
  readonly store: Pick<Store, 'findClientKeyById' | 'findKind' | 'findKindToken' | 'findCutoff' | 'isTokenFinal'>
}

/** The token, or undefined if the account has no such token. */
export async function findKindToken(deps: FindDeps, token: string): Promise<KindToken | undefined> {
  const { account, store } = deps
  if (isKindToken(token)) {
    const rowKey = hashKindToken(deps.keys, token)
    const row = await store.findKindToken(account.id, rowKey)
    const kind = row && (await store.findKind(account.id, row.kind))
    return row && kind?.declaration.form === 'opaque' ? ofRow(deps, row, kind) : undefined
  }
  const found = await verifyDeclaredToken(deps, token)
  if (found?.claims.account_id !== account.id) return undefined
  const { typ, claims, isExpired } = found
  const kind = await store.findKind(account.id, claims.kind)
  // a token of one kind is never one of another: all three were fixed when the kind was declared
  if (kind?.declaration.form !== 'jwt' || kind.audience !== claims.aud || kind.typ !== typ) return undefined
  const isTooLong = claims.exp - claims.iat > kind.declaration.ttl_seconds.max
  if (claims.uses !== undefined) {
    const row = await store.findKindToken(account.id, claims.jti)
    if (!row) return undefined
    const counted = ofRow(deps, row, kind)
    return {
      ...counted,
      jkt: claims.cnf?.jkt,
      isEnded: counted.isEnded || isTooLong,
      isExpired: counted.isExpired || isExpired,
    }
  }
  const isEnded = kind.disabled || isTooLong || (await isRevoked(deps, claims)) || (await isDisabled(deps, claims))
  return {
    ...{
      kind: kind.id,
      form: 'jwt',
      revision: claims.kind_revision,
      jti: claims.jti,
      audience: claims.aud,
      subject: claims.sub,
    },
    ...{ resource: claims.resource ?? null, actions: claims.actions, claims: claims.claims ?? null },
    ...{ by: minterOf(claims), jkt: claims.cnf?.jkt, issuedAt: claims.iat * 1000, expiresAt: claims.exp * 1000 },
    ...{ isEnded, isExpired, isUsedUp: false, usesLeft: null, rowKey: undefined },
  }
}

async function isRevoked({ store }: FindDeps, claims: DeclaredClaims): Promise<boolean> {
  const { account_id, api_key_id, client_key_id, jti, kind, resource, sub: subject } = claims
  if (await store.isTokenFinal({ accountId: account_id, kind: 'declared', jti })) return true
  return isEndedByCutoff({ store }, { account_id, api_key_id, client_key_id, kind, subject, resource }, timeOfId(jti))
}

/** Whether the client key of the page that minted it is disabled. */
async function isDisabled({ store }: FindDeps, { account_id, client_key_id }: DeclaredClaims): Promise<boolean> {
  if (client_key_id === undefined) return false
  const clientKey = await store.findClientKeyById(account_id, client_key_id)
  return clientKey === undefined || clientKey.disabled
}

function minterOf({
  api_key_id,
  client_key_id,
}: {
  readonly api_key_id?: string | null | undefined
  readonly client_key_id?: string | null | undefined
}): KindToken['by'] {
  return typeof client_key_id === 'string' ? { client_key_id } : { api_key_id: api_key_id ?? '' }
}

function ofRow({ clock }: FindDeps, row: KindTokenRow, { audience, declaration: { form } }: Kind): KindToken {
  const now = clock.now()
  const isLate = row.start_by !== null && row.first_used_at === null && row.start_by <= now
  return {
    ...{ kind: row.kind, form, revision: row.revision, jti: row.jti, audience },
    ...{ subject: row.subject, resource: row.resource },
    actions: JSON.parse(row.actions),
    claims: row.claims === null ? null : JSON.parse(row.claims),
    ...{ by: minterOf(row), jkt: undefined, issuedAt: row.issued_at, expiresAt: row.expires_at },
    isEnded: row.revoked_at !== null || row.isEnded,
    isExpired: row.expires_at <= now || isLate,
    isUsedUp: row.uses_left === 0,
    ...{ usesLeft: row.uses_left, rowKey: row.token_key },
  }
}
