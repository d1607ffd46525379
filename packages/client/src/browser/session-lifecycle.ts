import { acquireSession } from './acquire-session.js'
import { dueIn, isOver, unpack } from './cached-session.js'
import { handleTabMessage } from './handle-tab-message.js'
import { postponedBy, type SessionController, schedule } from './session-controller.js'
import { currentOf } from './session-model.js'
import { joinTabs, type Tabs } from './tabs.js'
import { watchRevocations } from './watch-revocations.js'

/** Listeners, tabs and timers. The first use opens them, `close` releases them. */
export function lifecycleOf(controller: SessionController) {
  const { options, platform } = controller
  let stopWaking = () => {}
  let stopWatching = () => {}
  controller.renew = () => renew(controller)
  return {
    open() {
      if (controller.isOpen) return
      controller.isOpen = true
      if (options.share !== false) controller.tabs = share(controller)
      controller.tabs.tell({ type: 'ask' })
      controller.restored = restore(controller)
      stopWaking = platform.onWake(() => wake(controller))
      if (options.revocationSeconds !== undefined) {
        stopWatching = watchRevocations(controller, options.revocationSeconds)
      }
      schedule(controller)
    },
    close() {
      controller.isOpen = false
      stopWaking()
      stopWatching()
      controller.stopTimer()
      controller.tabs.leave()
    },
  }
}

/** Joins the other pages. Ignores messages for an earlier connection, in which an attempt may still be running after a close. */
function share(controller: SessionController): Tabs {
  const tabs = joinTabs(controller.platform, controller.name, (message) => {
    if (controller.tabs === tabs) handleTabMessage(controller, message)
  })
  return tabs
}

/** Renews the session if it is due. Failures are recorded in the state and retried. */
function renew(controller: SessionController): void {
  const { model, platform } = controller
  const cached = currentOf(model())
  const isDue = cached && dueIn(platform, cached) <= 0
  if (isDue && !postponedBy(controller)) acquireSession(controller, (one) => dueIn(platform, one) > 0).catch(() => {})
  else schedule(controller)
}

function wake(controller: SessionController): void {
  controller.dispatch({ type: 'woke' })
  controller.renew()
}

/** Restores the session that an earlier page of this tab stored. */
async function restore({ store, name, platform, dispatch }: SessionController): Promise<void> {
  const stored = await store.get(name)
  const cached = unpack(platform, parsed(stored))
  if (cached && !isOver(platform, cached)) dispatch({ type: 'found', cached })
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
