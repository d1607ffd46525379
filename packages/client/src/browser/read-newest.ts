import { isOver, unpack } from './cached-session.js'
import { parseJson } from './parse-json.js'
import type { SessionController } from './session-controller.js'

/** Adopts newer tokens from the storage or the notes, and learns from the notes if the session has ended. */
export async function readNewest(controller: SessionController): Promise<void> {
  const { dispatch, model, name, notes, platform, store } = controller
  const stored = unpack(platform, parseJson(await store.get(name)))
  if (stored && !isOver(platform, stored) && !notes.read(stored)?.ended) {
    dispatch({ type: 'found', cached: stored, mayBeOld: true })
  }
  const { cached } = model()
  if (!cached) return
  const how = notes.read(cached)?.ended
  if (how) return dispatch({ type: 'ended', how, isRemote: true, cancels: true })
  const newest = await notes.newest(cached)
  if (newest) dispatch({ type: 'found', cached: newest, from: cached.answer.session_id })
}
