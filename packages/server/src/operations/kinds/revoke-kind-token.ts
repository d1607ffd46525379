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
  const { kind, jti, rowKey, expiresAt, subject } = found
  const accountId = deps.account.id
  const now = deps.clock.now()
  return async (store) => {
    const isRevoked =
      rowKey === undefined
        ? await store.consumeOrRevokeToken({ accountId, kind: 'declared', jti }, 'revoked', { now, expiresAt })
        : await store.revokeKindToken(accountId, rowKey, now)
    return isRevoked ? { kind, targetId: jti, subject: { subject } } : undefined
  }
}
