import type { Operation } from '@hallpass/contracts'
import { HallpassError } from '../errors.js'
import { requireScope } from './authenticate.js'
import type { SecretKeyContext } from './contexts.js'

/** Operations that end secret keys. Nothing else is administered in their accounts while one decides. */
const endsSecretKeys: readonly string[] = ['admin.apiKeys.rotate', 'admin.apiKeys.disable']

/**
 * Reads the calling key again, in the transaction of the change it asks for, and keeps it as it is until that
 * transaction ends. So a key that was disabled changes nothing more, even on a replica that still has it in memory.
 */
export async function holdCaller<Context extends SecretKeyContext>(
  context: Context,
  operation: Operation,
): Promise<Context> {
  const { store, clock, account } = context
  const { accountId, id } = context.apiKey
  const mode = endsSecretKeys.includes(operation.id) ? 'alone' : 'shared'
  await store.lockAccounts(accountId, [...new Set([accountId, account.id])], mode)
  const apiKey = await store.findApiKey(accountId, id)
  if (!apiKey || apiKey.disabled || (apiKey.expiresAt !== null && apiKey.expiresAt <= clock.now())) {
    throw new HallpassError('unauthenticated', 'Missing or invalid API key.')
  }
  if (operation.caller.by === 'secret_key') requireScope({ apiKey }, operation.caller.scope)
  return { ...context, apiKey }
}
