import type { BackendOperation } from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { requireScope } from './authenticate.js'
import type { SecretKeyContext } from './contexts.js'
import { extend } from './extend.js'
import { handlerOf } from './run.js'

/**
 * Reads the calling key again in the transaction of its change, and locks it until that transaction ends. So a disabled
 * key changes nothing more, even on a replica that still has it in memory.
 */
export async function holdCaller<Context extends SecretKeyContext>(
  context: Context,
  operation: BackendOperation,
): Promise<Context> {
  const { store, clock, account } = context
  const { accountId, id } = context.apiKey
  const mode = handlerOf(operation).isAlone ? 'alone' : 'shared'
  await store.lockAccounts(accountId, [...new Set([accountId, account.id])], mode)
  const apiKey = await store.findApiKey(accountId, id)
  if (!apiKey || apiKey.disabled || (apiKey.expiresAt !== null && apiKey.expiresAt <= clock.now())) {
    throw new HallpassError('unauthenticated', messages.invalidApiKey)
  }
  requireScope({ apiKey }, operation.caller.scope)
  return extend(context, { apiKey })
}
