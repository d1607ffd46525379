import type { SessionController } from './session-controller.js'

/** Adopts newer tokens from the storage or the notes, and learns from the notes if the session has ended. */
export async function readNewest(controller: SessionController): Promise<void> {
  const { model, options } = controller
  // there is nothing to read
  if (!model.cached && (options.storage ?? 'memory') === 'memory') return
  await (await controller.records())?.readNewest()
}
