import type { WidgetConfig } from '@hallpass/contracts'
import { callService } from './call-service.js'
import { end, interrupt } from './change-session.js'
import { fetchWithSession } from './fetch-with-session.js'
import { beginNow, liveToken, tokenAfter, upgradeNow } from './get-token.js'
import { createPage, type Page } from './page.js'
import { lifecycleOf } from './page-lifecycle.js'
import { browserPlatform, type Platform } from './platform.js'
import type { WidgetSession, WidgetSessionOptions } from './session-types.js'

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
  const page = createPage(options, platform)
  const { open, close } = lifecycleOf(page)
  const token = async () => {
    open()
    return liveToken(page)
  }
  const fetching = {
    fetch: platform.fetch,
    allowedOrigins: () => originsOf(options),
    token,
    tokenAfter: (refused: string) => tokenAfter(page, refused),
  }
  return {
    state: page.state.get,
    watch(listener) {
      open()
      return page.state.watch(listener)
    },
    subscribe(listener) {
      open()
      return page.state.subscribe(listener)
    },
    token,
    async begin() {
      open()
      return beginNow(page)
    },
    config: configOf(page),
    async upgrade(visitorToken) {
      open()
      return upgradeNow(page, visitorToken)
    },
    fetchWithSession: (input, init) => fetchWithSession(fetching, input, init),
    forget() {
      open()
      interrupt(page, 'forgotten')
      end(page, 'forgotten')
    },
    close,
  }
}

function originsOf({ baseUrl, resourceOrigins = [] }: WidgetSessionOptions): ReadonlySet<string> {
  return new Set([new URL(baseUrl).origin, globalThis.location?.origin, ...resourceOrigins])
}

/** Loads the config once. After a failure, the next call tries again. */
function configOf({ options, platform }: Page): () => Promise<WidgetConfig> {
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
