import type { WidgetConfig } from '@hallpass/contracts'
import { callService } from './call-service.js'
import { requireClientKey } from './errors.js'
import { fetchWithSession } from './fetch-with-session.js'
import { beginNow, liveToken, upgradeNow } from './get-token.js'
import { noteForget } from './last-forget.js'
import { logOut } from './log-out.js'
import { browserPlatform, type Platform } from './platform.js'
import { readNewest } from './read-newest.js'
import { waitFor } from './retry.js'
import { createController, type SessionController } from './session-controller.js'
import { lifecycleOf } from './session-lifecycle.js'
import type { Listeners } from './session-state.js'
import type { CallOptions, WidgetSession, WidgetSessionOptions } from './session-types.js'

/**
 * Creates a visitor's session. Nothing happens until its first use.
 * @example
 * const session = createWidgetSession({ baseUrl: 'https://pass.example.com', clientKey: 'pk_live_…' })
 * session.subscribe((event) => console.log(event.type))
 * const answer = await session.fetchWithSession('https://pass.example.com/messages')
 */
export function createWidgetSession(
  options: WidgetSessionOptions,
  platform: Platform = browserPlatform(options.fetch),
): WidgetSession {
  requireClientKey(options.clientKey)
  const controller = createController(options, platform)
  const { open, close } = lifecycleOf(controller)
  const start = <T>(options: CallOptions | undefined, work: () => Promise<T>) => {
    open()
    return waitFor(platform, work(), options)
  }
  const listen =
    <T>({ add }: Listeners<T>) =>
    (listener: (value: T) => void) => {
      open()
      return add(listener)
    }
  const forget = () => {
    open()
    const { cached } = controller.model
    if (cached) logOut(controller, cached.answer)
    // a stored session may not have been read yet
    else readNewest(controller).then(() => controller.model.doubt && forget())
    noteForget(controller)
    controller.dispatch({ type: 'ended', how: 'forgotten', isRemote: false, cancels: true })
  }
  const config = configOf(controller)
  return {
    state: () => controller.model.state,
    watch: listen(controller.watchers),
    subscribe: listen(controller.listeners),
    token: (options) => start(options, () => liveToken(controller)),
    begin: (options) => start(options, () => beginNow(controller)),
    config: (options) => waitFor(platform, config(), options),
    upgrade: (visitorToken, options) => start(options, () => upgradeNow(controller, visitorToken)),
    fetchWithSession(input, init) {
      open()
      return fetchWithSession(controller, input, init)
    },
    forget,
    close,
  }
}

/** Loads the config once. After a failure, the next call tries again. */
function configOf(controller: SessionController): () => Promise<WidgetConfig> {
  let reading: Promise<WidgetConfig> | undefined
  const path = `/api/v1/widget/config?client_key=${encodeURIComponent(controller.options.clientKey)}`
  return () => {
    reading ??= (callService(controller, { path }) as Promise<WidgetConfig>).catch((error) => {
      reading = undefined
      throw error
    })
    return reading
  }
}
