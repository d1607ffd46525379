import type { WidgetSession } from '@hallpass/client/browser'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type ClientWorld, openPage } from './client-world.js'

declare global {
  interface Window {
    session: WidgetSession
    seen: string[]
  }
}

/** Several tabs of one visitor, with a clock that a test controls. */
export interface Tabs {
  readonly pages: readonly Page[]
  /** The paths of the calls to the service, in order. */
  readonly calls: () => readonly string[]
  /**
   * Sets the clocks of the service and of all tabs forward when no tab is busy. Calls are held back until all clocks are set,
   * and from then on the service is unreachable or responds with a status, if a fault is given.
   */
  readonly advance: (milliseconds: number, fault?: Fault) => Promise<void>
  /** Gets a valid token from every tab. */
  readonly tokens: () => Promise<string[]>
  /** The events of each tab since the last call. */
  readonly heard: () => Promise<string[][]>
  /** Waits until every tab has had this event, one or more times, and no other. */
  readonly heardByAll: (type: string) => Promise<void>
  /** Why each tab can't refresh its session at the moment, if so. */
  readonly troubles: () => Promise<(string | undefined)[]>
}

type Fault = 'unreachable' | 503

export async function openTabs(
  world: ClientWorld,
  context: BrowserContext,
  { count, site }: { count: number; site: string },
): Promise<Tabs> {
  const calls: string[] = []
  let gate = Promise.resolve()
  let fault: Fault | undefined
  await context.clock.install()
  await context.route(`${world.server.url}/api/**`, async (route) => {
    calls.push(new URL(route.request().url()).pathname.replace(/^.*\//, ''))
    await gate
    if (fault === undefined) return route.continue()
    return fault === 503 ? route.fulfill({ status: 503 }) : route.abort('connectionrefused')
  })
  const pages = await Promise.all(Array.from({ length: count }, () => openPage(context, world.sites.origin(site))))
  await Promise.all(pages.map((page) => page.evaluate(startSession, world.settings)))
  return {
    pages,
    calls: () => calls,
    async advance(milliseconds, nextFault) {
      await settle(pages)
      let open = () => {}
      gate = new Promise<void>((resolve) => {
        open = resolve
      })
      world.server.clock.advance(milliseconds)
      await context.clock.fastForward(milliseconds)
      fault = nextFault
      open()
    },
    tokens: () => Promise.all(pages.map((page) => page.evaluate(() => window.session.token()))),
    heard: () => Promise.all(pages.map((page) => page.evaluate(() => window.seen.splice(0)))),
    heardByAll: async (type) => {
      const heard = () => Promise.all(pages.map((page) => page.evaluate(() => [...new Set(window.seen)])))
      await expect.poll(heard).toEqual(pages.map(() => [type]))
      await Promise.all(pages.map((page) => page.evaluate(() => window.seen.splice(0))))
    },
    troubles: () => Promise.all(pages.map((page) => page.evaluate(() => window.session.state().error?.reason))),
  }
}

/** Waits until no tab holds or awaits a Web Lock. A wait that a jump of the clock ends makes the tab refresh by itself. */
async function settle([page]: readonly Page[]): Promise<void> {
  const countLocks = () =>
    page?.evaluate(async () => {
      const { held = [], pending = [] } = (await navigator.locks?.query()) ?? {}
      return held.length + pending.length
    })
  await expect.poll(countLocks).toBe(0)
}

/** Runs in each tab. */
function startSession(settings: ClientWorld['settings']): void {
  window.seen = []
  window.session = Client.createWidgetSession(settings)
  window.session.subscribe(({ type }) => window.seen.push(type))
}
