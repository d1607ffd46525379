import { consider, hear } from './hear-tabs.js'
import { dueIn, isOver, unpack } from './held-session.js'
import { obtain } from './obtain-session.js'
import { currentOf, type Page, postponedBy, schedule } from './page.js'
import { joinTabs, type Tabs } from './tabs.js'
import { watchRevocations } from './watch-revocations.js'

/** Listeners, tabs and timers. The first use opens them, `close` releases them. */
export function lifecycleOf(page: Page) {
  const { revocationSeconds } = page.options
  let stopWaking = () => {}
  let stopWatching = () => {}
  page.renew = () => renew(page)
  return {
    open() {
      if (page.isOpen) return
      page.isOpen = true
      if (page.options.share !== false) page.tabs = share(page)
      page.tabs.tell({ type: 'ask' })
      page.restored = restore(page)
      stopWaking = page.platform.onWake(() => wake(page))
      if (revocationSeconds !== undefined) stopWatching = watchRevocations(page, revocationSeconds)
      schedule(page)
    },
    close() {
      page.isOpen = false
      stopWaking()
      stopWatching()
      page.stopTimer()
      page.tabs.leave()
    },
  }
}

/** Joins the other pages. Ignores messages for an earlier connection, in which an attempt may still be running after a close. */
function share(page: Page): Tabs {
  const tabs = joinTabs(page.platform, page.name, (message) => {
    if (page.tabs === tabs) hear(page, message)
  })
  return tabs
}

/** Renews the session if it is due. Failures are recorded in the state and retried. */
function renew(page: Page): void {
  const held = currentOf(page)
  const isDue = held && dueIn(page.platform, held) <= 0
  if (isDue && !postponedBy(page)) obtain(page, (one) => dueIn(page.platform, one) > 0).catch(() => {})
  else schedule(page)
}

/** The network may be back, so retry at once, unless the service sent a Retry-After. */
function wake(page: Page): void {
  if (page.state.get().error?.retryAfter === undefined) page.notBefore = 0
  page.renew()
}

/** Restores the session that an earlier page of this tab stored. */
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
