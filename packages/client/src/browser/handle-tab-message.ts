import { pack, unpack } from './cached-session.js'
import { unpackError } from './portable-error.js'
import { recordFailure, type SessionController } from './session-controller.js'
import { endedElsewhere } from './session-model.js'
import type { TabMessage } from './tabs.js'

/** Handles a message from another tab. */
export function handleTabMessage(controller: SessionController, message: TabMessage): void {
  const { dispatch, model, platform, tabs } = controller
  const { cached, doubt } = model
  if (message.type === 'ask') {
    if (cached && doubt !== 'unconfirmed') tabs.tell({ type: 'session', session: pack(platform, cached), doubt })
  } else if (message.type === 'feedChecked') {
    controller.postponeFeedCheck()
  } else if (message.type === 'failed') {
    recordFailure(controller, unpackError(message.error), true)
  } else if (message.type === 'over') {
    if (cached?.answer.session_id === message.session_id) {
      // a page that was opened since may have it from this one, which slept and only now hears of the end
      tabs.tell(message)
      dispatch(endedElsewhere(message.how))
    }
  } else if (message.type === 'session') {
    const found = unpack(platform, message.session)
    if (found) dispatch({ ...message, type: 'found', cached: found })
  }
}
