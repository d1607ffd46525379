import { decodeJwt } from 'jose'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { introspect, revoke } from '../system/support/fixtures/mint.js'
import { type ClientWorld, startClientWorld, steppedClock } from './support/client-world.js'
import { openTabs, type Tabs } from './support/tabs.js'

const minute = 60_000
const count = 10
const all = <T>(value: T): T[] => Array.from({ length: count }, () => value)

let world: ClientWorld
beforeAll(async () => {
  // a slow machine must not use up the 10 s in which the service accepts the refresh of a second tab
  world = await startClientWorld({ clock: steppedClock() })
})
afterAll(() => world?.stop())

// the ten tabs stay open: each test continues where the previous one ended
describe.each([
  { name: 'with Web Locks', site: 'localhost', mostRefreshes: 1 },
  // without Web Locks, a tab that is slow to reject a claim can make a second refresh, which the service accepts
  { name: 'on plain HTTP, without Web Locks', site: 'shop.test', mostRefreshes: count },
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

  /** A token of the session that all tabs share. Refreshes of one refresh token give different tokens of it. */
  async function commonToken(): Promise<string> {
    const tokens = [...new Set(await tabs.tokens())]
    expect(tokens.length).toBeLessThanOrEqual(mostRefreshes)
    expect(new Set(tokens.map((token) => decodeJwt(token).sid)).size).toBe(1)
    return tokens[0] ?? ''
  }

  test('begin one session with one call', async () => {
    if (mostRefreshes > 1) await tabs.pages[0]?.evaluate(() => window.session.token())
    await commonToken()
    expect(await tabs.heard()).toEqual(all(['ready']))
    expect(tabs.calls()).toEqual(['guest'])
  })

  test('renew the session when its token is about to expire', async () => {
    const before = await commonToken()
    await tabs.advance(14.5 * minute)
    await tabs.heardByAll('refreshed')
    const token = await commonToken()
    expect(token).not.toBe(before)
    expect(await introspect(world.server, token)).toMatchObject({ active: true })
    expect(refreshesSince(0)).toBeGreaterThanOrEqual(1)
    expect(refreshesSince(0)).toBeLessThanOrEqual(mostRefreshes)
  })

  test('stay logged in if the service is down for a minute when the token expires', async () => {
    await tabs.advance(14.5 * minute, 'unreachable')
    await expect.poll(() => tabs.troubles()).toEqual(all('network'))
    await tabs.advance(minute, 503)
    await expect.poll(() => tabs.troubles()).toEqual(all('unavailable'))
    await tabs.advance(minute)
    await tabs.heardByAll('refreshed')
    expect(await introspect(world.server, await commonToken())).toMatchObject({ active: true })
    expect(await tabs.troubles()).toEqual(all(undefined))
  })

  test('continue after an hour of sleep', async () => {
    await tabs.advance(60 * minute)
    await tabs.heardByAll('refreshed')
    expect(await introspect(world.server, await commonToken())).toMatchObject({ active: true })
  })

  test('all learn at the next refresh that the session was revoked', async () => {
    await revoke(world.server, await commonToken())
    const before = tabs.calls().length
    await tabs.advance(14 * minute)
    await tabs.heardByAll('revoked')
    expect(refreshesSince(before)).toBeGreaterThanOrEqual(1)
    expect(refreshesSince(before)).toBeLessThanOrEqual(mostRefreshes)
  })
})
