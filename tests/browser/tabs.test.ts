import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { introspect, revoke } from '../system/support/fixtures/mint.js'
import { type ClientWorld, startClientWorld } from './support/client-world.js'
import { openTabs, type Tabs } from './support/tabs.js'

const minute = 60_000
const count = 10
const all = <T>(value: T): T[] => Array.from({ length: count }, () => value)

let world: ClientWorld
beforeAll(async () => {
  world = await startClientWorld()
})
afterAll(() => world?.stop())

/** The one token that all tabs have. */
async function commonToken(tabs: Tabs): Promise<string> {
  const tokens = new Set(await tabs.tokens())
  expect(tokens.size).toBe(1)
  return [...tokens].join()
}

// the ten tabs live on from test to test: each goes on where the one before it ended
describe.each([
  { name: 'with Web Locks', site: 'localhost', mostRefreshes: 1 },
  // there turns are a matter of time: a tab that is slow to object makes a second refresh, which the service takes for the first
  { name: 'on plain http, where there are none', site: 'shop.test', mostRefreshes: count },
])('ten tabs, $name', ({ site, mostRefreshes }) => {
  let context: BrowserContext
  let tabs: Tabs
  beforeAll(async () => {
    context = await world.browser.newContext()
    tabs = await openTabs(world, context, { count, site })
  })
  afterAll(() => context?.close())

  const refreshesSince = (before: number) =>
    tabs
      .calls()
      .slice(before)
      .filter((call) => call === 'refresh').length

  test('begin one session with one call', async () => {
    if (mostRefreshes > 1) await tabs.pages[0]?.evaluate(() => window.session.token())
    await commonToken(tabs)
    expect(await tabs.heard()).toEqual(all(['ready']))
    expect(tabs.calls()).toEqual(['guest'])
  })

  test('make one refresh when the token is about to expire, and all go on', async () => {
    const before = await commonToken(tabs)
    await tabs.advance(14.5 * minute)
    await tabs.heardByAll('refreshed')
    const token = await commonToken(tabs)
    expect(token).not.toBe(before)
    expect(await introspect(world.server, token)).toMatchObject({ active: true })
    expect(refreshesSince(0)).toBeGreaterThanOrEqual(1)
    expect(refreshesSince(0)).toBeLessThanOrEqual(mostRefreshes)
  })

  test('stay logged in while the service is down for a minute at the end of the token', async () => {
    tabs.breakService('unreachable')
    await tabs.advance(14.5 * minute)
    await expect.poll(() => tabs.troubles()).toEqual(all('network'))
    tabs.breakService(503)
    await tabs.advance(minute)
    await expect.poll(() => tabs.troubles()).toEqual(all('unavailable'))
    tabs.breakService(undefined)
    await tabs.advance(minute)
    await tabs.heardByAll('refreshed')
    expect(await introspect(world.server, await commonToken(tabs))).toMatchObject({ active: true })
    expect(await tabs.troubles()).toEqual(all(undefined))
  })

  test('asleep for an hour wake and go on', async () => {
    await tabs.advance(60 * minute)
    await tabs.heardByAll('refreshed')
    expect(await introspect(world.server, await commonToken(tabs))).toMatchObject({ active: true })
  })

  test('are all told that the session was revoked, at the next renewal', async () => {
    await revoke(world.server, await commonToken(tabs))
    const before = tabs.calls().length
    await tabs.advance(14 * minute)
    await tabs.heardByAll('revoked')
    expect(refreshesSince(before)).toBeGreaterThanOrEqual(1)
    expect(refreshesSince(before)).toBeLessThanOrEqual(mostRefreshes)
  })
})
