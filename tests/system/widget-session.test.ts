import type { SessionStore } from '@hallpass/client/browser'
import { describe, expect, test } from 'vitest'
import { endpointsOf, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { acme } from './support/fixtures/fixture.js'
import { introspect, mintUserToken, revoke } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const minute = 60_000
const hour = 60 * minute

const storageIn = (values: Map<string, string>): SessionStore => ({
  get: (key) => values.get(key),
  set: (key, value) => void values.set(key, value),
  remove: (key) => void values.delete(key),
})

const server = withServer()

describe('a widget session', () => {
  test('makes no call until it is needed, and then one for any number of callers', async () => {
    const browser = simulateBrowser(server)
    const { session, events } = browser.open()
    await browser.time.pass(hour)
    expect(browser.calls).toEqual([])
    const tokens = await within(browser, 1_000, Promise.all([session.token(), session.token(), session.token()]))
    expect(new Set(tokens).size).toBe(1)
    expect(endpointsOf(browser)).toEqual(['guest'])
    expect(events).toEqual(['ready'])
  })

  test('is refreshed a minute before its expiry, again and again', async () => {
    const browser = simulateBrowser(server)
    const { session, events } = browser.open()
    const first = await within(browser, 1_000, session.token())
    await browser.time.pass(14 * minute + 2_000)
    expect(events).toEqual(['ready', 'refreshed'])
    expect(await session.token()).not.toBe(first)
    await browser.time.pass(5 * hour)
    expect(await introspect(server, await session.token())).toMatchObject({ active: true })
    expect(new Set(events)).toEqual(new Set(['ready', 'refreshed']))
  })

  test.each([
    ['whose monotonic clock continues', false],
    ['whose monotonic clock stops', true],
  ])('a tab asleep for an hour, %s, wakes up and continues', async (_, stopsInSleep) => {
    const browser = simulateBrowser(server, { stopsInSleep })
    const tab = browser.open()
    const before = await within(browser, 1_000, tab.session.token())
    tab.sleep()
    await browser.time.pass(hour)
    tab.wake()
    const token = await within(browser, 1_000, tab.session.token())
    expect(token).not.toBe(before)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect(tab.events).toEqual(['ready', 'refreshed'])
  })

  test('a tab that slept adopts the session of the others, and uses no old refresh token', async () => {
    const browser = simulateBrowser(server)
    const [sleeper, other] = [browser.open(), browser.open()]
    await within(browser, 1_000, sleeper.session.token())
    sleeper.sleep()
    await browser.time.pass(2 * hour)
    sleeper.wake()
    expect(await within(browser, 1_000, sleeper.session.token())).toBe(await other.session.token())
    await browser.time.pass(hour)
    expect([...sleeper.events, ...other.events]).not.toContain('revoked')
  })

  test("does not trust the device's clock, which can be set to anything", async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open()
    await within(browser, 1_000, tab.session.token())
    for (const offset of [-400 * 24 * hour, 400 * 24 * hour, 0]) {
      browser.clockOffset = offset
      await browser.time.pass(30 * minute)
      expect(await introspect(server, await tab.session.token())).toMatchObject({ active: true })
    }
    expect(new Set(tab.events)).toEqual(new Set(['ready', 'refreshed']))
    // a clock set forward costs one extra refresh, not one per check
    expect(browser.calls.length).toBeLessThan(10)
  })

  test.each(['down', 503] as const)('%s for a minute at its expiry: no one is logged out', async (network) => {
    const browser = simulateBrowser(server)
    const tabs = [browser.open(), browser.open(), browser.open()]
    const { session } = tabs[0] as (typeof tabs)[0]
    await within(browser, 1_000, session.token())
    await browser.time.pass(13.8 * minute)
    browser.network = network
    await browser.time.pass(1.4 * minute)
    expect(session.state()).toMatchObject({
      status: 'ready',
      error: { reason: network === 'down' ? 'network' : 'unavailable' },
    })
    browser.network = 'up'
    await browser.time.pass(minute)
    for (const tab of tabs) {
      expect(tab.events).toEqual(['ready', 'refreshed'])
      expect(tab.session.state()).toMatchObject({ status: 'ready' })
      expect(tab.session.state().error).toBeUndefined()
    }
    expect(endpointsOf(browser)).toEqual(['guest', 'refresh'])
  })

  test('a refresh whose response is lost is repeated in time, and no one is logged out', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open()
    await within(browser, 1_000, tab.session.token())
    await browser.time.pass(14 * minute - 2_000)
    browser.network = 'lossy'
    await browser.time.pass(1_200)
    browser.network = 'up'
    await browser.time.pass(hour)
    expect(endpointsOf(browser).filter((endpoint) => endpoint === 'refresh').length).toBeGreaterThan(4)
    expect(new Set(tab.events)).toEqual(new Set(['ready', 'refreshed']))
  })

  test.each(['lossy', 'lossy proxy'] as const)(
    '%s for longer than a refresh can be repeated: it ends, without a revocation event',
    async (network) => {
      const browser = simulateBrowser(server)
      const tabs = [browser.open(), browser.open()]
      await within(browser, 1_000, (tabs[0] as (typeof tabs)[0]).session.begin())
      await browser.time.pass(14 * minute - 2_000)
      browser.network = network
      await browser.time.pass(minute)
      browser.network = 'up'
      await browser.time.pass(3 * minute)
      for (const { events } of tabs) expect(events).toEqual(['ready', 'expired'])
    },
  )

  test.each(['lossy', 'lossy proxy'] as const)(
    'an upgrade whose response is lost (%s) ends the guest, who is no longer shown',
    async (network) => {
      const browser = simulateBrowser(server)
      const { session, events } = browser.open()
      await within(browser, 1_000, session.begin())
      browser.networkOf.exchange = network
      browser.time.after(200, () => Object.assign(browser.networkOf, { exchange: 'up' }))
      const upgraded = within(browser, 10_000, session.upgrade(await mintUserToken(server)))
      await expect(upgraded).rejects.toMatchObject({ reason: 'invalid_token' })
      expect(events).toEqual(['ready', 'expired', 'refused'])
      expect(await within(browser, 1_000, session.begin())).toMatchObject({ auth_mode: 'guest' })
    },
  )

  test('an upgrade with a visitor token of another client key rejects, and the guest continues', async () => {
    const browser = simulateBrowser(server)
    const { session, events } = browser.open()
    const guest = await within(browser, 1_000, session.begin())
    const token = await mintUserToken(server, { client_key: acme.userOnly })
    const upgraded = within(browser, 5_000, session.upgrade(token))
    await expect(upgraded).rejects.toMatchObject({ reason: 'client_key_mismatch', status: 400 })
    expect(events).toEqual(['ready', 'refused'])
    expect(session.state()).toMatchObject({ status: 'ready', visitor: guest })
    expect(await introspect(server, await session.token())).toMatchObject({ active: true, sub: guest.visitor_id })
    await browser.time.pass(20 * minute)
    expect(await introspect(server, await session.token())).toMatchObject({ active: true, sub: guest.visitor_id })
    const own = await within(browser, 5_000, session.upgrade(await mintUserToken(server)))
    expect(own).toMatchObject({ visitor_id: guest.visitor_id, user: { id: 'user_42' } })
  })

  test('a visitor token of another client key begins no session, even after the guest ended', async () => {
    const browser = simulateBrowser(server)
    const visitorToken = () => browser.time.track(mintUserToken(server, { client_key: acme.userOnly }))
    const { session: user } = browser.open({ visitorToken })
    await expect(within(browser, 5_000, user.begin())).rejects.toMatchObject({ reason: 'client_key_mismatch' })
    const { session } = browser.open({ share: false })
    await within(browser, 1_000, session.begin())
    await revoke(server, await session.token())
    const upgraded = within(browser, 5_000, session.upgrade(await visitorToken()))
    await expect(upgraded).rejects.toMatchObject({ reason: 'client_key_mismatch' })
  })

  test('a user whose exchange fails at first does not remain the previous guest', async () => {
    const browser = simulateBrowser(server)
    const storage = storageIn(new Map())
    const guest = browser.open({ storage })
    await within(browser, 1_000, guest.session.begin())
    guest.close()
    await browser.time.pass(20 * minute)
    const visitorToken = () => browser.time.track(mintUserToken(server))
    const { session, events } = browser.open({ storage, visitorToken, userId: 'user_42' })
    browser.networkOf.exchange = 503
    await expect(within(browser, 3_000, session.begin())).rejects.toMatchObject({ reason: 'unavailable' })
    expect(events).toEqual([])
    browser.networkOf.exchange = 'up'
    expect(await within(browser, 3_000, session.begin())).toMatchObject({ user: { id: 'user_42' } })
  })

  test('sends metadata with its guest call, which then is a claim of its tokens', async () => {
    const browser = simulateBrowser(server)
    const { session } = browser.open({ metadata: { page: '/cart' } })
    const token = await within(browser, 1_000, session.token())
    expect(await introspect(server, token)).toMatchObject({ active: true, metadata: { page: '/cart' } })
    await within(browser, 5_000, session.upgrade(await mintUserToken(server)))
    expect(await introspect(server, await session.token())).toMatchObject({
      auth_mode: 'user',
      metadata: { page: '/cart' },
    })
  })

  test('a storage keeps it across a reload', async () => {
    const browser = simulateBrowser(server)
    const values = new Map<string, string>()
    const storage = storageIn(values)
    const before = browser.open({ storage })
    const visitor = await within(browser, 1_000, before.session.begin())
    before.close()
    await browser.time.pass(20 * minute)
    const after = browser.open({ storage })
    expect(await within(browser, 1_000, after.session.begin())).toEqual(visitor)
    expect(await introspect(server, await after.session.token())).toMatchObject({ active: true })
    after.session.forget()
    await browser.time.settle()
    expect(values.size).toBe(0)
  })
})
