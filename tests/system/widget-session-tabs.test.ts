import { describe, expect, test } from 'vitest'
import { endpointsOf, type SimulatedBrowser, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect, mintUserToken, revoke } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const minute = 60_000
const hour = 60 * minute

/** Waits until a refresh is pending, which then takes a second. */
async function untilRenewing(browser: SimulatedBrowser): Promise<void> {
  browser.latency = 1_000
  while (!endpointsOf(browser).includes('refresh')) await browser.time.pass(50)
}

/** The refresh tokens that reached the service. */
const spentIn = (browser: SimulatedBrowser) =>
  browser.calls.filter(({ endpoint }) => endpoint === 'refresh').map(({ body }) => body.refresh_token)

const server = withServer()

describe('tabs of one widget session', () => {
  test('revoked: every tab notices at the next refresh, and none begins another by itself', async () => {
    const browser = simulateBrowser(server)
    const tabs = [browser.open(), browser.open(), browser.open()]
    const { session } = tabs[0] as (typeof tabs)[0]
    await revoke(server, await within(browser, 1_000, session.token()))
    await browser.time.pass(14 * minute + 2_000)
    for (const tab of tabs) {
      expect(tab.events).toEqual(['ready', 'revoked'])
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
    expect(other.events).toEqual(['ready', 'upgraded'])
    expect(await other.session.token()).toBe(await one.session.token())
  })

  test('a page of another user or of none never adopts a session that is not its own', async () => {
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

  test('a page of another user does not follow a guest who becomes a different one', async () => {
    const browser = simulateBrowser(server)
    const guest = browser.open()
    await within(browser, 1_000, guest.session.begin())
    const visitorToken = () => browser.time.track(mintUserToken(server, { user_id: 'bob' }))
    const [bob, someone] = [browser.open({ userId: 'bob', visitorToken }), browser.open({ visitorToken })]
    await browser.time.pass(1_000)
    await within(browser, 1_000, guest.session.upgrade(await mintUserToken(server, { user_id: 'ada' })))
    expect([bob.events, someone.events]).toEqual([[], []])
    expect(await within(browser, 1_000, bob.session.begin())).toMatchObject({ user: { id: 'bob' } })
    expect(await within(browser, 1_000, someone.session.begin())).toMatchObject({ user: { id: 'bob' } })
    expect(guest.session.state().visitor).toMatchObject({ user: { id: 'ada' } })
  })

  test('a session forgotten in one tab is forgotten in all', async () => {
    const browser = simulateBrowser(server)
    const [one, other] = [browser.open(), browser.open()]
    const before = await within(browser, 1_000, one.session.begin())
    one.session.forget()
    await browser.time.pass(10)
    expect([one.events, other.events]).toEqual([
      ['ready', 'expired'],
      ['ready', 'expired'],
    ])
    expect((await within(browser, 1_000, other.session.begin())).session_id).not.toBe(before.session_id)
  })

  test.each([
    ['before the call', 50, 'up'],
    ['before the response', 200, 'up'],
    ['between two attempts', 200, 'down'],
  ] as const)('a session forgotten during its refresh, %s, does not return', async (_, milliseconds, network) => {
    const browser = simulateBrowser(server)
    const [one, other] = [browser.open(), browser.open()]
    const { session_id } = await within(browser, 1_000, one.session.begin())
    // the response came after 100 ms of waiting for the other tabs, and a refresh begins with that too
    await browser.time.pass(14 * minute - 1_000 + 100)
    browser.latency = 300
    browser.network = network
    await browser.time.pass(milliseconds)
    other.session.forget()
    browser.network = 'up'
    await browser.time.pass(5_000)
    expect([one.events, other.events]).toEqual([
      ['ready', 'expired'],
      ['ready', 'expired'],
    ])
    expect((await within(browser, 2_000, one.session.begin())).session_id).not.toBe(session_id)
  })

  test.each([
    ['waits for the other tabs', 50],
    ['asks the backend or the service', 200],
    ['waits for the response', 500],
  ])('a user who logs out while the session begins (the page %s) stays logged out', async (_, milliseconds) => {
    const browser = simulateBrowser(server)
    const visitorToken = () => browser.time.track(mintUserToken(server))
    const [tab, other] = [browser.open({ visitorToken }), browser.open({ visitorToken })]
    browser.latency = 600
    const waiting = Promise.allSettled([tab.session.begin(), tab.session.token()])
    await browser.time.pass(milliseconds)
    tab.session.forget()
    await browser.time.pass(5_000)
    expect((await waiting).map((one) => one.status === 'rejected' && one.reason.reason)).toEqual(['aborted', 'aborted'])
    expect([tab.events, other.events]).toEqual([[], []])
    expect(tab.session.state()).toEqual({ status: 'idle' })
  })

  test('two tabs that need a session while one finds it expired share the next one', async () => {
    const browser = simulateBrowser(server)
    const tabs = [browser.open(), browser.open()]
    const { session_id } = await within(browser, 1_000, (tabs[0] as (typeof tabs)[0]).session.begin())
    browser.network = 'down'
    await browser.time.pass(hour)
    // an hour offline takes a thousand timers, and a day asleep takes none
    for (const tab of tabs) tab.sleep()
    await browser.time.pass(24 * hour)
    for (const tab of tabs) tab.wake()
    browser.network = 'up'
    const [one, other] = await within(browser, 2_000, Promise.all(tabs.map(({ session }) => session.begin())))
    expect(one).toEqual(other)
    expect(one?.session_id).not.toBe(session_id)
  })

  test.each([
    ['with Web Locks', true],
    ['without them', false],
  ])('a tab closed during a refresh, %s, still shares the result with the others', async (_, hasLocks) => {
    const browser = simulateBrowser(server, { hasLocks })
    const [closing, other] = [browser.open(), browser.open()]
    await within(browser, 3_000, closing.session.begin())
    other.sleep()
    await browser.time.pass(14 * minute - 3_000)
    await untilRenewing(browser)
    closing.close()
    // longer than a refresh can be repeated
    await browser.time.pass(20_000)
    other.wake()
    await browser.time.pass(hour)
    const token = await within(browser, 2_000, other.session.token())
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect(new Set(other.events)).toEqual(new Set(['ready', 'refreshed']))
    expect(spentIn(browser)).toEqual([...new Set(spentIn(browser))])
  })

  test('a tab closed and reopened during a refresh continues with the result', async () => {
    const browser = simulateBrowser(server)
    const [tab, other] = [browser.open(), browser.open()]
    await within(browser, 1_000, tab.session.begin())
    other.sleep()
    await browser.time.pass(14 * minute - 1_000)
    await untilRenewing(browser)
    tab.close()
    const before = await tab.session.token()
    await browser.time.pass(20_000)
    other.wake()
    const token = await within(browser, 5_000, tab.session.token())
    expect(token).not.toBe(before)
    expect(await within(browser, 5_000, other.session.token())).toBe(token)
    expect(spentIn(browser)).toHaveLength(1)
  })

  test.each([
    ['a backend', { visitorToken: () => new Promise<never>(() => {}) }],
    ['an embedding page', { embedTicket: () => new Promise<never>(() => {}) }],
  ])('%s that does not respond to one tab does not block the others forever', async (_, options) => {
    const browser = simulateBrowser(server)
    const [hanging, other] = [browser.open(options), browser.open()]
    const hung = hanging.session.begin()
    hung.catch(() => {})
    await browser.time.pass(500)
    const later = other.session.begin().catch((error: { reason: string }) => error.reason)
    await browser.time.pass(40_000)
    await expect(hung).rejects.toMatchObject({ reason: 'network' })
    // it learns of the failure, or goes ahead without the lock
    expect(['network', expect.objectContaining({ auth_mode: 'guest' })]).toContainEqual(await later)
    expect(await within(browser, 1_000, other.session.begin())).toMatchObject({ auth_mode: 'guest' })
  })

  test('a session requested after a logout begins, regardless of earlier pending calls', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open()
    browser.latency = 300
    const before = tab.session.begin()
    before.catch(() => {})
    await browser.time.pass(200)
    tab.session.forget()
    const after = Promise.all([tab.session.begin(), tab.session.begin()])
    const [one, two] = await within(browser, 2_000, after)
    await expect(before).rejects.toMatchObject({ reason: 'aborted' })
    expect(one).toEqual(two)
    expect(tab.events).toEqual(['ready'])
  })

  test.each([
    ['sharing', {}],
    ['alone', { share: false }],
  ])('an upgrade and a refresh at the same moment, %s: the user remains', async (_, options) => {
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
    expect(tab.events).not.toContain('revoked')
    expect(tab.session.state()).toMatchObject({ status: 'ready', visitor: { auth_mode: 'user' } })
  })
})
