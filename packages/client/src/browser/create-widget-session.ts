import type { WidgetConfig } from '@hallpass/contracts'
import { callService } from './call-service.js'
import { requireClientKey } from './errors.js'
import { fetchWithSession } from './fetch-with-session.js'
import { beginNow, liveToken, tokenAfter, upgradeNow } from './get-token.js'
import { logOut } from './log-out.js'
import { browserPlatform, type Platform } from './platform.js'
import { waitFor } from './retry.js'
import { createController, type SessionController } from './session-controller.js'
import { lifecycleOf } from './session-lifecycle.js'
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
  const fetching = {
    fetch: platform.fetch,
    binding: options.binding,
    allowedOrigins: () => originsOf(options),
    token: (signal: AbortSignal) => start({ signal }, () => liveToken(controller)),
    tokenAfter: (refused: string, signal: AbortSignal) =>
      waitFor(platform, tokenAfter(controller, refused), { signal }),
  }
  const config = configOf(controller)
  return {
    state: () => controller.model().state,
    watch(listener) {
      open()
      return controller.watchers.add(listener)
    },
    subscribe(listener) {
      open()
      return controller.listeners.add(listener)
    },
    token: (options) => start(options, () => liveToken(controller)),
    begin: (options) => start(options, () => beginNow(controller)),
    config: (options) => waitFor(platform, config(), options),
    upgrade: (visitorToken, options) => start(options, () => upgradeNow(controller, visitorToken)),
    fetchWithSession: (input, init) => fetchWithSession(fetching, input, init),
    forget() {
      open()
      const { cached } = controller.model()
      if (cached) logOut(controller, cached.answer)
      controller.notes.forget()
      controller.dispatch({ type: 'ended', how: 'forgotten', isRemote: false, cancels: true })
    },
    close,
  }
}

function originsOf({ baseUrl, resourceOrigins = [] }: WidgetSessionOptions): ReadonlySet<string> {
  return new Set([new URL(baseUrl).origin, globalThis.location?.origin, ...resourceOrigins])
}

/** Loads the config once. After a failure, the next call tries again. */
function configOf({ options, platform }: SessionController): () => Promise<WidgetConfig> {
  let reading: Promise<WidgetConfig> | undefined
  const path = `/api/v1/widget/config?client_key=${encodeURIComponent(options.clientKey)}`
  return () => {
    reading ??= (callService({ baseUrl: options.baseUrl, platform }, { path }) as Promise<WidgetConfig>).catch(
      (error) => {
        reading = undefined
        throw error
      },
    )
    return reading
  }
}
