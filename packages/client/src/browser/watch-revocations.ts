import { acquireSession } from './acquire-session.js'
import type { SessionController } from './session-controller.js'
import { currentOf } from './session-model.js'

/**
 * Reads the service's revocation feed regularly, in one of the tabs: after one tab has read it, all wait again. The feed's
 * signature isn't verified, so if it names the session, the session is refreshed and the service's response decides.
 */
export function watchRevocations(controller: SessionController, seconds: number): () => void {
  const { platform, model } = controller
  let stop = () => {}
  controller.postponeFeedCheck = () => {
    stop()
    // jitter, so that one tab is first and can notify the others
    stop = platform.after(seconds * 1000 * (0.75 + platform.random() / 4), () => {
      controller.postponeFeedCheck()
      if (!currentOf(model())) return
      controller.tabs.tell({ type: 'feedChecked' })
      checkFeed(controller).catch(() => {
        // the feed is read again later, and the state contains the result of the refresh
      })
    })
  }
  controller.postponeFeedCheck()
  return () => {
    stop()
    controller.postponeFeedCheck = () => {}
  }
}

async function checkFeed(controller: SessionController): Promise<void> {
  const token = currentOf(controller.model())?.answer.token ?? ''
  // few pages use it, so it isn't part of what all of them load
  const { isNamedInFeed } = await import('./check-feed.js')
  const { platform, options } = controller
  if (await isNamedInFeed({ platform, baseUrl: options.baseUrl }, token)) {
    await acquireSession(controller, ({ answer }) => answer.token !== token)
  }
}
