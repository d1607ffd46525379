import { randomBytes } from 'node:crypto'
import type * as BrowserClient from '@hallpass/client/browser'
import type * as DpopClient from '@hallpass/client/dpop'
import type * as EmbedClient from '@hallpass/client/embed'
import { Fixture } from '@hallpass/contracts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { acme, fixture } from '../../system/support/fixtures/fixture.js'
import { startServer, type TestClock, type TestServer } from '../../system/support/servers/in-process-server.js'
import { bundleClient } from './bundle-client.js'
import { launchBrowser, leaveBrowser } from './launch-browser.js'
import { type Sites, serveSites } from './serve-pages.js'

declare global {
  /** Defined by the bundle in every page. */
  var Client: typeof BrowserClient & typeof DpopClient & typeof EmbedClient
}

/** A Hallpass server, a browser, and three sites: the allowed shop, an attacker's site, and the widget's own. */
export interface ClientWorld extends ClientSites {
  readonly browser: Browser
}

/** The server and the sites. */
export interface ClientSites {
  readonly server: TestServer
  readonly sites: Sites
  readonly shop: string
  readonly attacker: string
  readonly widgets: string
  /** The client's options in a page. */
  readonly settings: { readonly baseUrl: string; readonly clientKey: string }
  readonly stop: () => Promise<void>
}

export async function startClientWorld(options?: SiteOptions): Promise<ClientWorld> {
  const sites = await startClientSites(options)
  const browser = await launchBrowser()
  return {
    ...sites,
    browser,
    async stop() {
      await leaveBrowser(browser)
      await sites.stop()
    },
  }
}

interface SiteOptions {
  /** Every browser resolves names under `localhost` to this machine. Those under `test` need an argument. */
  readonly domain?: 'test' | 'localhost'
  /** The clock of the service. */
  readonly clock?: TestClock
}

export async function startClientSites(options: SiteOptions = {}): Promise<ClientSites> {
  const { domain = 'test', clock = runningClock() } = options
  const sites = await serveSites()
  const shop = sites.origin(`shop.${domain}`)
  const widgets = sites.origin(`widgets.${domain}`)
  const server = await startServer({
    clock,
    config: { widgetOrigins: [widgets] },
    fixture: fixtureFor(shop),
  })
  sites.serve(undefined, '/client.js', { type: 'text/javascript', body: await bundleClient() })
  sites.serve(undefined, '/', { body: '<!doctype html><title>page</title><script src="/client.js"></script>' })
  return {
    server,
    sites,
    shop,
    attacker: sites.origin(`attacker.${domain}`),
    widgets,
    settings: { baseUrl: server.url, clientKey: acme.clientKey },
    async stop() {
      await server.stop()
      await sites.stop()
    },
  }
}

/** A running clock, like a page's, which a test can set forward. */
function runningClock(): TestClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    random: randomBytes,
    advance: (milliseconds) => {
      offset += milliseconds
    },
  }
}

/** A clock that stands still until a test sets it forward, and then also makes up for the time that has passed since. */
export function steppedClock(): TestClock {
  const running = runningClock()
  let now = running.now()
  return {
    ...running,
    now: () => now,
    advance: (milliseconds) => {
      running.advance(milliseconds)
      now = running.now()
    },
  }
}

/** Limits Acme's client key to the shop and to localhost, which browsers treat as a secure context. */
function fixtureFor(shop: string): Fixture {
  const accounts = fixture.accounts.map((account) => ({
    ...account,
    client_keys: account.client_keys?.map((key) =>
      key.client_key === acme.clientKey ? { ...key, origin_allowlist: [shop, 'localhost:*'], bind: 'prefer' } : key,
    ),
  }))
  return Fixture.parse({ accounts })
}

export async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}
