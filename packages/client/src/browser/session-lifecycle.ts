import { acquireSession } from './acquire-session.js'
import { dueIn } from './cached-session.js'
import { handleTabMessage } from './handle-tab-message.js'
import { lastForget } from './last-forget.js'
import { readNewest } from './read-newest.js'
import { postponedBy, renewalIn, type SessionController, schedule } from './session-controller.js'
import { endedElsewhere } from './session-model.js'
import { joinTabs, type Tabs } from './tabs.js'
import { watchRevocations } from './watch-revocations.js'

/** Listeners, tabs and timers. The first use opens them, `close` releases them. */
export function lifecycleOf(controller: SessionController) {
  const { options, platform } = controller
  let stopWaking = () => {}
  controller.renew = () => renew(controller)
  if (options.revocationSeconds !== undefined) watchRevocations(controller, options.revocationSeconds)
  return {
    open() {
      if (controller.isOpen) return
      controller.isOpen = true
      if (options.share !== false) controller.tabs = share(controller)
      controller.tabs.tell({ type: 'ask' })
      void readNewest(controller)
      controller.lastForget = lastForget(controller)
      stopWaking = platform.onWake((how) => wake(controller, how))
      controller.postponeFeedCheck()
      schedule(controller)
    },
    close() {
      controller.isOpen = false
      stopWaking()
      controller.postponeFeedCheck()
      schedule(controller)
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
  const { platform } = controller
  if (renewalIn(controller) <= 0 && !postponedBy(controller))
    acquireSession(controller, (one) => dueIn(platform, one) > 0).catch(() => {})
  else schedule(controller)
}

function wake(controller: SessionController, how: 'returned' | 'hidden' | undefined): void {
  const before = controller.lastForget
  // while it is awake, the other tabs tell the page themselves
  if (how) controller.lastForget = lastForget(controller)
  if (how === 'hidden') return
  controller.dispatch({ type: 'woke', returned: how === 'returned' })
  if (!how) {
    controller.renew()
    return
  }
  // without notes, another page may have forgotten the session
  if (controller.lastForget === undefined) controller.dispatch(endedElsewhere('expired', 'unconfirmed'))
  else if (controller.lastForget !== before) controller.dispatch(endedElsewhere('forgotten'))
  void readNewest(controller).then(controller.renew)
}
