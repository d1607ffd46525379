import type { WidgetConfig } from '@hallpass/contracts'
import { callService } from './call-service.js'
import { end, report } from './change-session.js'
import { isPassing, toWidgetError, WidgetSessionError } from './errors.js'
import { fetchWithSession } from './fetch-with-session.js'
import { consider, hear } from './hear-tabs.js'
import { dueIn, isLive, isOver, unpack } from './held-session.js'
import { obtain, upgrade } from './obtain-session.js'
import { createPage, currentOf, type Page, postponedBy, schedule } from './page.js'
import { browserPlatform, type Platform } from './platform.js'
import { visitorOf } from './session-state.js'
import type { Visitor, WidgetSession, WidgetSessionOptions } from './session-types.js'
import { joinTabs, keepAlone } from './tabs.js'

/**
 * A visitor's session. Nothing happens until it is first used.
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
      end(page, 'forgotten')
    },
    close,
  }
}

/** Listeners, tabs and timers: opened by the first use, let go by `close`. */
function lifecycleOf(page: Page) {
  let stopWaking = () => {}
  page.renew = () => renew(page)
  return {
    open() {
      if (page.isOpen) return
      page.isOpen = true
      if (page.options.share !== false) page.tabs = joinTabs(page.platform, page.name, (message) => hear(page, message))
      page.tabs.tell({ type: 'ask' })
      page.restored = restore(page)
      stopWaking = page.platform.onWake(() => wake(page))
      schedule(page)
    },
    close() {
      page.isOpen = false
      stopWaking()
      page.stopTimer()
      page.tabs.leave()
      page.tabs = keepAlone()
    },
  }
}

/** Renews what is due; what goes wrong is in the state then, and tried again. */
function renew(page: Page): void {
  const held = currentOf(page)
  const isDue = held && dueIn(page.platform, held) <= 0
  if (isDue && !postponedBy(page)) obtain(page, (one) => dueIn(page.platform, one) > 0).catch(() => {})
  else schedule(page)
}

/** The network may be back, so a failure is no reason to wait; what the service asked for is. */
function wake(page: Page): void {
  if (page.state.get().error?.retryAfter === undefined) page.notBefore = 0
  page.renew()
}

/** What an earlier page of this tab left. */
async function restore(page: Page): Promise<void> {
  const stored = await page.store.get(page.name)
  const found = unpack(page.platform, parsed(stored))
  if (found && !isOver(page.platform, found)) consider(page, found)
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}

async function liveToken(page: Page): Promise<string> {
  const { platform } = page
  const held = currentOf(page)
  if (held && isLive(platform, held)) {
    if (dueIn(platform, held) <= 0) page.renew()
    return held.answer.token
  }
  return (await obtainOrBegin(page)).answer.token
}

/** A session that turns out to be over is followed by another at once: somebody is waiting for it. */
async function obtainOrBegin(page: Page) {
  const isEnough = (held: Parameters<typeof isLive>[1]) => isLive(page.platform, held)
  try {
    return await obtain(page, isEnough)
  } catch (error) {
    if (error instanceof WidgetSessionError && error.reason === 'expired') return obtain(page, isEnough)
    throw error
  }
}

async function beginNow(page: Page): Promise<Visitor> {
  const { status } = page.state.get()
  page.notBefore = 0
  if (status === 'revoked') page.state.set({ status: 'idle' })
  return visitorOf((await obtainOrBegin(page)).answer)
}

async function upgradeNow(page: Page, visitorToken: string): Promise<Visitor> {
  try {
    return visitorOf((await upgrade(page, visitorToken)).answer)
  } catch (thrown) {
    const error = toWidgetError(thrown)
    if (!isPassing(error)) report(page, error)
    throw error
  }
}

async function tokenAfter(page: Page, refused: string): Promise<string> {
  const held = currentOf(page)
  if (held && held.answer.token !== refused) return liveToken(page)
  return (await obtain(page, ({ answer }) => answer.token !== refused)).answer.token
}

function originsOf({ baseUrl, resourceOrigins = [] }: WidgetSessionOptions): ReadonlySet<string> {
  return new Set([new URL(baseUrl).origin, globalThis.location?.origin, ...resourceOrigins])
}

/** Reads the config once; a failure is not remembered. */
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
