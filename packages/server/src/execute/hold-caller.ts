import type { BackendOperation } from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { requireScope } from './authenticate.js'
import type { SecretKeyContext } from './contexts.js'
import { extend } from './extend.js'
import { handlerOf } from './run.js'

/**
 * Reads the calling key again in the transaction of its change, and locks it until that transaction ends. So a disabled
 * key, or one of a disabled account, changes nothing more, even on a replica that still has it in memory.
 */
export async function holdCaller<Context extends SecretKeyContext>(
  context: Context,
  operation: BackendOperation,
  input: unknown,
): Promise<Context> {
  const { store, clock, account } = context
  const { accountId, id } = context.apiKey
  const { isAlone, alsoLocks } = handlerOf(operation)
  const ids = new Set([accountId, account.id, ...(alsoLocks?.(input) ?? [])])
  const enabled = await store.lockAccounts(accountId, [...ids], isAlone ? 'alone' : 'shared')
  if (!enabled.includes(accountId)) throw new HallpassError('account_disabled', messages.accountDisabled)
  const apiKey = await store.findApiKey(accountId, id)
  if (!apiKey || apiKey.disabled || (apiKey.expiresAt !== null && apiKey.expiresAt <= clock.now())) {
    throw new HallpassError('unauthenticated', messages.invalidApiKey)
  }
  requireScope({ apiKey }, operation.caller.scope)
  return extend(context, { apiKey })
}
