import type { Store } from '../../store/store.js'
import { type FindDeps, findKindToken } from './find-kind-token.js'

interface Revoked {
  readonly kind: string
  readonly targetId: string
  readonly subject: { readonly subject: string }
}

type Revoke = (store: Pick<Store, 'consumeOrRevokeToken' | 'revokeKindToken'>) => Promise<Revoked | undefined>

/** What revokes a token of a declared kind. Undefined if it isn't one of the account. */
export async function revocationOfKindToken(deps: FindDeps, token: string): Promise<Revoke | undefined> {
  const found = await findKindToken(deps, token)
  if (!found) return undefined
  const { kind, form, jti, rowKey, expiresAt, subject } = found
  const accountId = deps.account.id
  const now = deps.clock.now()
  return async (store) => {
    // offline verifiers learn of a JWT, even if its row counts the uses
    const name = { accountId, kind: 'declared', jti } as const
    const isPublished = form === 'jwt' && (await store.consumeOrRevokeToken(name, 'revoked', { now, expiresAt }))
    const isRevoked = rowKey === undefined ? isPublished : await store.revokeKindToken(accountId, rowKey, now)
    return isRevoked ? { kind, targetId: jti, subject: { subject } } : undefined
  }
}
