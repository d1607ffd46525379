import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { introspect, mintUserToken, revoke } from './support/mint.js'
import { simulateBrowser } from './support/simulated-tabs.js'
import { startServer, type TestServer } from './support/start-server.js'

const minute = 60_000
const hour = 60 * minute

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** A promise's outcome, while time passes in which it comes. */
async function within<T>(
  browser: ReturnType<typeof simulateBrowser>,
  milliseconds: number,
  work: Promise<T>,
): Promise<T> {
  const outcome = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await browser.time.pass(milliseconds)
  const settled = await outcome
  if ('error' in settled) throw settled.error
  return settled.value
}

const doorsOf = ({ calls }: ReturnType<typeof simulateBrowser>) => calls.map(({ door }) => door)

describe('a widget session', () => {
  test('calls nobody until it is needed, and then once, however many ask', async () => {
    const browser = simulateBrowser(server)
    const { session, heard } = browser.open()
    await browser.time.pass(hour)
    expect(browser.calls).toEqual([])
    const tokens = await within(browser, 1_000, Promise.all([session.token(), session.token(), session.token()]))
    expect(new Set(tokens).size).toBe(1)
    expect(doorsOf(browser)).toEqual(['guest'])
    expect(heard).toEqual(['ready'])
  })

  test('is renewed a minute before its end, again and again', async () => {
    const browser = simulateBrowser(server)
    const { session, heard } = browser.open()
    const first = await within(browser, 1_000, session.token())
    await browser.time.pass(14 * minute + 2_000)
    expect(heard).toEqual(['ready', 'refreshed'])
    expect(await session.token()).not.toBe(first)
    await browser.time.pass(5 * hour)
    expect(await introspect(server, await session.token())).toMatchObject({ active: true })
    expect(new Set(heard)).toEqual(new Set(['ready', 'refreshed']))
  })

  test.each([
    ['whose monotonic clock goes on', false],
    ['whose monotonic clock stands still meanwhile', true],
  ])('a tab asleep for an hour, %s, wakes and goes on', async (_, stopsInSleep) => {
    const browser = simulateBrowser(server, { stopsInSleep })
    const tab = browser.open()
    const before = await within(browser, 1_000, tab.session.token())
    tab.sleep()
    await browser.time.pass(hour)
    tab.wake()
    const token = await within(browser, 1_000, tab.session.token())
    expect(token).not.toBe(before)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect(tab.heard).toEqual(['ready', 'refreshed'])
  })

  test('a tab that slept takes over what the others have, and uses no old refresh token', async () => {
    const browser = simulateBrowser(server)
    const [sleeper, other] = [browser.open(), browser.open()]
    await within(browser, 1_000, sleeper.session.token())
    sleeper.sleep()
    await browser.time.pass(2 * hour)
    sleeper.wake()
    expect(await within(browser, 1_000, sleeper.session.token())).toBe(await other.session.token())
    await browser.time.pass(hour)
    expect([...sleeper.heard, ...other.heard]).not.toContain('revoked')
  })

  test('does not trust the device: its clock may be set to anything', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open()
    await within(browser, 1_000, tab.session.token())
    for (const offset of [-400 * 24 * hour, 400 * 24 * hour, 0]) {
      browser.clockOffset = offset
      await browser.time.pass(30 * minute)
      expect(await introspect(server, await tab.session.token())).toMatchObject({ active: true })
    }
    expect(new Set(tab.heard)).toEqual(new Set(['ready', 'refreshed']))
    // a clock set forward costs a refresh too many, not one at every look
    expect(browser.calls.length).toBeLessThan(10)
  })

  test.each(['down', 503] as const)('%s for a minute at its end: nobody is logged out', async (network) => {
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
      expect(tab.heard).toEqual(['ready', 'refreshed'])
      expect(tab.session.state()).toMatchObject({ status: 'ready' })
      expect(tab.session.state().error).toBeUndefined()
    }
    expect(doorsOf(browser)).toEqual(['guest', 'refresh'])
  })

  test('a refresh whose answer is lost is repeated in time, and nobody is logged out', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open()
    await within(browser, 1_000, tab.session.token())
    await browser.time.pass(14 * minute - 2_000)
    browser.network = 'lossy'
    await browser.time.pass(1_200)
    browser.network = 'up'
    await browser.time.pass(hour)
    expect(doorsOf(browser).filter((door) => door === 'refresh').length).toBeGreaterThan(4)
    expect(new Set(tab.heard)).toEqual(new Set(['ready', 'refreshed']))
  })

  test('revoked: every tab hears it at the next renewal, and none begins another by itself', async () => {
    const browser = simulateBrowser(server)
    const tabs = [browser.open(), browser.open(), browser.open()]
    const { session } = tabs[0] as (typeof tabs)[0]
    await revoke(server, await within(browser, 1_000, session.token()))
    await browser.time.pass(14 * minute + 2_000)
    for (const tab of tabs) {
      expect(tab.heard).toEqual(['ready', 'revoked'])
      await expect(within(browser, 1_000, tab.session.token())).rejects.toMatchObject({ reason: 'revoked' })
    }
    expect(await within(browser, 1_000, session.begin())).toMatchObject({ auth_mode: 'guest' })
  })

  test('an upgrade reaches all tabs, and keeps the visitor', async () => {
    const browser = simulateBrowser(server)
    const [one, other] = [browser.open(), browser.open()]
    const guest = await within(browser, 1_000, one.session.begin())
    const user = await within(browser, 1_000, one.session.upgrade(await mintUserToken(server)))
    expect(user).toMatchObject({ auth_mode: 'user', visitor_id: guest.visitor_id, user: { id: 'user_42' } })
    expect(other.heard).toEqual(['ready', 'upgraded'])
    expect(await other.session.token()).toBe(await one.session.token())
  })

  test('a page of another user, or of nobody, never takes over a session that is not its own', async () => {
    const browser = simulateBrowser(server)
    const of = (userId: string) => ({
      userId,
      visitorToken: () => browser.time.track(mintUserToken(server, { user_id: userId })),
    })
    const tabs = [browser.open(of('ada')), browser.open(of('bob')), browser.open(), browser.open(of('ada'))]
    const visitors = []
    for (const { session } of tabs) visitors.push(await within(browser, 1_000, session.begin()))
    expect(visitors.map(({ user }) => user?.id)).toEqual(['ada', 'bob', undefined, 'ada'])
    expect(visitors[3]?.session_id).toBe(visitors[0]?.session_id)
    await browser.time.pass(hour)
    expect(tabs.map(({ session }) => session.state().visitor?.user?.id)).toEqual(['ada', 'bob', undefined, 'ada'])
  })

  test('forgotten in one tab is forgotten in all', async () => {
    const browser = simulateBrowser(server)
    const [one, other] = [browser.open(), browser.open()]
    const before = await within(browser, 1_000, one.session.begin())
    one.session.forget()
    await browser.time.pass(10)
    expect([one.heard, other.heard]).toEqual([
      ['ready', 'expired'],
      ['ready', 'expired'],
    ])
    expect((await within(browser, 1_000, other.session.begin())).session_id).not.toBe(before.session_id)
  })

  test.each([
    ['before the call', 50, 'up'],
    ['before the answer', 200, 'up'],
    ['between two tries', 200, 'down'],
  ] as const)('forgotten while it is being renewed, %s, it does not come back', async (_, milliseconds, network) => {
    const browser = simulateBrowser(server)
    const [one, other] = [browser.open(), browser.open()]
    const { session_id } = await within(browser, 1_000, one.session.begin())
    // its answer came after 100 ms of asking the other tabs; a renewal begins with that, too
    await browser.time.pass(14 * minute - 1_000 + 100)
    browser.latency = 300
    browser.network = network
    await browser.time.pass(milliseconds)
    other.session.forget()
    browser.network = 'up'
    await browser.time.pass(5_000)
    expect([one.heard, other.heard]).toEqual([
      ['ready', 'expired'],
      ['ready', 'expired'],
    ])
    expect((await within(browser, 2_000, one.session.begin())).session_id).not.toBe(session_id)
  })

  test('a user who logs out while the session begins is not logged in by it', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open({ visitorToken: () => browser.time.track(mintUserToken(server)) })
    browser.latency = 300
    const begun = tab.session.begin()
    begun.catch(() => {})
    await browser.time.pass(200)
    tab.session.forget()
    browser.network = 'down'
    await browser.time.pass(2_000)
    await expect(begun).rejects.toMatchObject({ reason: 'network' })
    expect(tab.heard).toEqual([])
    expect(tab.session.state().visitor).toBeUndefined()
  })

  test.each([
    ['sharing', {}],
    ['alone', { share: false }],
  ])('an upgrade and a renewal at the same moment, %s: the user is what remains', async (_, options) => {
    const browser = simulateBrowser(server)
    const tab = browser.open(options)
    await within(browser, 1_000, tab.session.begin())
    await browser.time.pass(14 * minute - 1_000)
    const token = await mintUserToken(server)
    const upgraded = new Promise((resolve, reject) => {
      browser.time.after(0, () => tab.session.upgrade(token).then(resolve, reject))
    })
    await within(browser, 2_000, upgraded)
    await browser.time.pass(hour)
    expect(tab.heard).not.toContain('revoked')
    expect(tab.session.state()).toMatchObject({ status: 'ready', visitor: { auth_mode: 'user' } })
  })

  test('a storage takes it through a reload', async () => {
    const browser = simulateBrowser(server)
    const values = new Map<string, string>()
    const storage = {
      get: (key: string) => values.get(key),
      set: (key: string, value: string) => void values.set(key, value),
      remove: (key: string) => void values.delete(key),
    }
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
