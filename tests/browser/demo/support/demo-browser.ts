import { startDemo, type TestDemo } from '@hallpass/demo/src/testing/start-demo.js'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'
import { launchBrowser, leaveBrowser } from '../../support/launch-browser.js'

/** A running demo, and a browser to visit it. */
export interface DemoBrowser {
  readonly demo: TestDemo
  readonly browser: Browser
  /** Opens a page of the demo, or of Hallpass's console, in a new browser context, and watches it. */
  readonly visit: (path: string, options?: BrowserContextOptions) => Promise<Visit>
  readonly stop: () => Promise<void>
}

/** An open page, with what happened in it. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Page errors, and errors and warnings on the console, except for the browser's own messages about 4xx responses. */
  readonly complaints: string[]
  /** Every origin that it called. */
  readonly origins: ReadonlySet<string>
}

/** Starts the demo for the tests of a file. Returns a function that returns it. */
export function useDemoBrowser(): () => DemoBrowser {
  let started: DemoBrowser | undefined
  beforeAll(async () => {
    started = await startDemoBrowser()
  })
  afterAll(() => started?.stop())
  return () => {
    if (!started) throw new Error('The demo has not started.')
    return started
  }
}

async function startDemoBrowser(): Promise<DemoBrowser> {
  const demo = await startDemo(inject('demoPages'))
  const browser = await launchBrowser()
  return {
    demo,
    browser,
    visit: async (path, options = {}) => {
      // without animations, tests wait less
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      const watched = { page, context, ...watch(page) }
      await page.goto((path.startsWith('/console') ? demo.hallpassUrl : demo.demoUrl) + path)
      await page.locator('h1').first().waitFor()
      return watched
    },
    stop: async () => {
      await leaveBrowser(browser)
      await demo.stop()
    },
  }
}

function watch(page: Page) {
  const complaints: string[] = []
  const origins = new Set<string>()
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource: the server responded with a status of 4')
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http')) origins.add(origin)
  })
  return { complaints, origins }
}
