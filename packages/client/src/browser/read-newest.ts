import { isOver, unpackText } from './cached-session.js'
import type { SessionController } from './session-controller.js'
import { endedElsewhere } from './session-model.js'

/** Adopts newer tokens from the storage or the notes, and learns from the notes if the session has ended. */
export async function readNewest(controller: SessionController): Promise<void> {
  const { dispatch, model, name, options, platform } = controller
  if (!model.cached && (options.storage ?? 'memory') === 'memory') return
  const records = await controller.records()
  if (!records) return
  const { notes, store } = records
  const stored = unpackText(platform, await store.get(name))
  if (stored && !isOver(platform, stored) && !notes.read(stored)?.ended) {
    dispatch({ type: 'found', cached: stored, mayBeOld: true })
  }
  const { cached } = controller.model
  if (!cached) return
  const how = notes.read(cached)?.ended
  if (how) return dispatch(endedElsewhere(how))
  const newest = unpackText(platform, await notes.newest(cached))
  if (newest) dispatch({ type: 'found', cached: newest, from: cached.answer.session_id })
}
