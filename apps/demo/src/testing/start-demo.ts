import { createServer, loadConfig } from '@hallpass/server'
import type { Addresses } from '../backend/addresses.js'
import { admitOnly, readFixture, readShop, type Shop } from '../backend/read-shop.js'
import { startSites } from '../backend/start-sites.js'
import type { BuiltPages } from './build-pages.js'
import { demoFolder } from './demo-folder.js'

export const fixturePath = `${demoFolder}fixture.json`

/** An in-memory Hallpass and the demo's sites, all on free ports. */
export interface TestDemo extends Readonly<Addresses> {
  readonly shop: Shop
  readonly stopHallpass: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Pages = Pick<BuiltPages, 'webFolder' | 'widgetsFolder'> & {
  /** The built console. */
  readonly consoleFolder?: string
  /** Other origins that can embed the widgets, in addition to the shop's. */
  readonly moreParents?: readonly string[]
}

export async function startDemo(pages: Pages): Promise<TestDemo> {
  const fixture = readFixture(fixturePath)
  const shop = readShop(fixture)
  const anyPort = (variable: string) => ({ number: 0, variable })
  const { addresses, hallpass, close } = await startSites({
    ...pages,
    shop,
    ports: { demo: anyPort('DEMO_PORT'), widgets: anyPort('WIDGETS_PORT'), attacker: anyPort('ATTACKER_PORT') },
    startHallpass: (origins) => {
      const flags = {
        ...{ port: '0', 'database-url': ':memory:', 'log-level': 'silent', 'local-issuers': 'on' },
        // a test shares its event loop with the server, and makes it wait
        'shed-after': 'off',
      }
      const config = loadConfig({ ...flags, 'widget-origins': origins.widgets.join(',') }, {})
      const admitted = [...origins.pages, ...(pages.moreParents ?? [])]
      return createServer(config, {
        fixture: admitOnly(fixture, admitted),
        noticeMilliseconds: 0,
        ...(pages.consoleFolder === undefined ? {} : { consoleFolder: pages.consoleFolder }),
      })
    },
  })
  return {
    ...addresses,
    shop,
    stopHallpass: hallpass.stop,
    stop: async () => {
      await close()
      await hallpass.stop()
    },
  }
}

/** Sends a POST request as a page does. */
export async function post(url: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
}
