import { assembleServer } from './assembled-server.js'
import type { Store } from './server-parts.js'

/** A server that holds the next request it begins until it is released. */
export async function startHeld() {
  let isHolding = false
  let begin = () => {}
  let release = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const wrap = (store: Store): Store => ({
    ...store,
    // at this point the key is claimed, and the rest runs in here
    async transaction(run) {
      if (isHolding) {
        isHolding = false
        begin()
        await released
      }
      return store.transaction(run)
    },
  })
  const hold = () => {
    isHolding = true
  }
  return { assembled: await assembleServer({ wrap }), held: { hold, begun }, release }
}
