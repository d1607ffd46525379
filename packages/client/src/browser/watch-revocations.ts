import { acquireSession } from './acquire-session.js'
import type { SessionController } from './session-controller.js'

/**
 * Reads the service's revocation feed regularly while the page is open, in one of the tabs: after one tab has read it, all
 * wait again.
 */
export function watchRevocations(controller: SessionController, seconds: number): void {
  const { platform } = controller
  let stop = () => {}
  controller.postponeFeedCheck = () => {
    stop()
    if (!controller.isOpen) return
    // jitter, so that one tab is first and can notify the others
    stop = platform.after(seconds * 1000 * (0.75 + platform.random() / 4), () => {
      controller.postponeFeedCheck()
      // few pages use it, so it isn't part of what all of them load
      const loading = platform.load(() => import('./check-feed.js'))
      // the feed is read again later, and the state contains the result of the refresh
      loading.then(({ checkFeed }) => checkFeed(controller, acquireSession)).catch(() => {})
    })
  }
}
