import type { Clock } from '../../clock.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Store } from '../../store/store.js'

interface Deps {
  readonly account: { readonly id: string }
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'lockApiKey'>
}

/** The id of the first active key that replaced this one, directly or indirectly. */
export async function findActiveSuccessor(deps: Deps, key: ApiKey): Promise<string | null> {
  for await (const successor of successorsOf(deps, key)) if (isActive(deps, successor)) return successor.id
  return null
}

/**
 * Disables the keys that replaced a disabled one. Nothing depends on a key that was never used, so keeping it active
 * would only help a thief. The search stops at a key that is in use, which stays active unless `evenUsed` is set.
 */
export async function disableSuccessors(
  deps: Deps & { readonly store: Pick<Store, 'disableApiKey'> },
  key: ApiKey,
  { evenUsed }: { readonly evenUsed: boolean },
): Promise<{ disabled: string[]; active: string | null }> {
  const disabled: string[] = []
  for await (const successor of successorsOf(deps, key)) {
    if (!isActive(deps, successor)) continue
    if (successor.lastUsedOn !== null && !evenUsed) return { disabled, active: successor.id }
    await deps.store.disableApiKey(deps.account.id, successor.id)
    disabled.push(successor.id)
  }
  return { disabled, active: null }
}

/** The ids of a key and of the disabled keys that replaced it, directly or indirectly. */
export async function listEnded(
  { account, store }: { readonly account: { readonly id: string }; readonly store: Pick<Store, 'findApiKey'> },
  apiKeyId: string,
): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | null = apiKeyId; next !== null; ) {
    const key: ApiKey | undefined = await store.findApiKey(account.id, next)
    if (key?.disabled) ids.push(key.id)
    next = key?.successorId ?? null
  }
  return ids
}

/** The successors of a key, in order. Each is locked, so that no other call changes it in the meantime. */
async function* successorsOf({ account, store }: Deps, key: ApiKey): AsyncGenerator<ApiKey> {
  let next = key.successorId
  while (next !== null) {
    const successor = await store.lockApiKey(account.id, next)
    if (!successor) return
    yield successor
    next = successor.successorId
  }
}

const isActive = ({ clock }: Deps, { disabled, expiresAt }: ApiKey) =>
  !disabled && (expiresAt === null || expiresAt > clock.now())
