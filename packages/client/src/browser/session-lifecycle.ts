import { acquireSession } from './acquire-session.js'
import { dueIn } from './cached-session.js'
import { handleTabMessage } from './handle-tab-message.js'
import { readNewest } from './read-newest.js'
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
      controller.restored = readNewest(controller)
      controller.lastForget = controller.notes.lastForget()
      stopWaking = platform.onWake((how) => wake(controller, how))
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

function wake(controller: SessionController, how: 'returned' | 'hidden' | undefined): void {
  const { dispatch, notes, model } = controller
  const lastForget = controller.lastForget
  controller.lastForget = notes.lastForget()
  if (how === 'hidden') return
  dispatch({ type: 'woke', returned: how === 'returned' })
  if (how === undefined) {
    controller.renew()
    return
  }
  // without notes, a user may have logged out meanwhile, so the backend has to say who it is
  const isSuspect = controller.lastForget === undefined && model().cached?.answer.auth_mode === 'user'
  if (isSuspect || controller.lastForget !== lastForget) {
    dispatch({ type: 'ended', how: 'forgotten', isRemote: true, cancels: true })
  }
  void readNewest(controller).then(controller.renew)
}
