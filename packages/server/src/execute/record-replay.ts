import type { BackendOperation } from '@hallpass/contracts'
import type { SecretKeyContext } from './contexts.js'
import { extend } from './extend.js'
import { holdCaller } from './hold-caller.js'

/** Records in the history that a secret was shown again, if the calling key may still see it. */
export function recordReplay(
  context: SecretKeyContext,
  operation: BackendOperation,
  { input, value }: { readonly input: unknown; readonly value: unknown },
): Promise<void> {
  return context.store.transaction(async (store) => {
    const held = await holdCaller(extend(context, { store }), operation, input)
    // inputs of administrative operations are objects
    const asked = input as Readonly<Record<string, unknown>>
    await held.record(store, { input: { ...asked, idempotent_replay: true }, value })
  })
}
