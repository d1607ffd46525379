import type { SessionStore } from '@hallpass/client/browser'
import { describe, expect, test } from 'vitest'
import { tabStorage } from './support/clients/simulated-origin.js'
import { type SimulatedBrowser, type SimulatedTab, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect, mintUserToken } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const second = 1_000
const minute = 60 * second

const server = withServer()

const begin = (browser: SimulatedBrowser, { session }: SimulatedTab) => within(browser, 2 * second, session.begin())

const refreshTokensIn = (browser: SimulatedBrowser) =>
  browser.calls.filter(({ endpoint }) => endpoint === 'refresh').map(({ body }) => body.refresh_token)

/** Two tabs of one session, of which the first is in the back/forward cache while the second refreshes, and is gone. */
async function returnAfterRefresh(browser: SimulatedBrowser, storage?: SessionStore) {
  const page = browser.open(storage ? { storage } : {})
  const other = browser.open()
  const { session_id } = await begin(browser, page)
  await browser.time.pass(second)
  page.leave()
  await browser.time.pass(40 * minute)
  other.close()
  await browser.time.pass(minute)
  page.back()
  await browser.time.pass(5 * second)
  return { page, session_id }
}

describe('a page that comes back from the back/forward cache', () => {
  test.each([
    ['in memory', undefined],
    ["in the tab's storage", tabStorage()],
  ])('continues with the tokens of a tab that was closed meanwhile (%s)', async (_, storage) => {
    const browser = simulateBrowser(server)
    const { page, session_id } = await returnAfterRefresh(browser, storage)
    expect(page.session.state()).toMatchObject({ status: 'ready', visitor: { session_id } })
    expect(await introspect(server, await page.session.token())).toMatchObject({ active: true })
    await browser.time.pass(30 * minute)
    expect(new Set(page.events)).toEqual(new Set(['ready', 'refreshed']))
    expect(refreshTokensIn(browser)).toEqual([...new Set(refreshTokensIn(browser))])
  })

  test('begins again without sending old tokens if it cannot read the new ones', async () => {
    const browser = simulateBrowser(server)
    browser.canSeal = false
    const { page, session_id } = await returnAfterRefresh(browser)
    expect(page.events).toEqual(['ready', 'expired', 'ready'])
    expect(page.session.state().visitor?.session_id).not.toBe(session_id)
    expect(refreshTokensIn(browser)).toEqual([...new Set(refreshTokensIn(browser))])
  })

  test('begins again if the browser refuses storage and its tokens turn out to be old', async () => {
    const browser = simulateBrowser(server)
    browser.notes = 'refused'
    const { page } = await returnAfterRefresh(browser)
    expect(page.events).toEqual(['ready', 'expired', 'ready'])
  })

  test.each([
    ['shares', {}],
    ['does not share', { share: false }],
  ])('is not logged in as the user who logged out meanwhile, whose session it %s', async (_, options) => {
    const browser = simulateBrowser(server)
    const visitorToken = () => browser.time.track(mintUserToken(server))
    const page = browser.open({ visitorToken, ...options })
    await begin(browser, page)
    page.leave()
    const next = browser.open({ visitorToken, ...options })
    await begin(browser, next)
    next.session.forget()
    next.close()
    await browser.time.pass(minute)
    page.back()
    expect(page.session.state()).toEqual({ status: 'idle' })
    expect(page.events).toEqual(['ready', 'expired'])
  })

  test('asks its backend who the user is if the browser refuses storage', async () => {
    const browser = simulateBrowser(server)
    browser.notes = 'refused'
    let isLoggedIn = true
    const visitorToken = async () => (isLoggedIn ? browser.time.track(mintUserToken(server)) : undefined)
    const page = browser.open({ visitorToken })
    await begin(browser, page)
    page.leave()
    isLoggedIn = false
    page.back()
    expect(page.session.state()).toEqual({ status: 'expired' })
    expect(await begin(browser, page)).toMatchObject({ auth_mode: 'guest' })
  })
})

describe('a page whose predecessor was closed while it refreshed', () => {
  /** The next page of the same tab, this many seconds after a refresh whose response reached no page. */
  async function reopenAfter(seconds: number, browser = simulateBrowser(server)) {
    const storage = tabStorage()
    const page = browser.open({ storage })
    const { session_id } = await begin(browser, page)
    browser.latency = 2 * second
    while (refreshTokensIn(browser).length === 0) await browser.time.pass(100)
    page.kill()
    await browser.time.pass(seconds * second)
    browser.latency = 0
    const next = browser.open({ storage })
    await browser.time.pass(5 * second)
    return { next, session_id }
  }

  test('continues the session within 10 seconds', async () => {
    const { next, session_id } = await reopenAfter(4)
    expect(next.session.state()).toMatchObject({ status: 'ready', visitor: { session_id } })
    expect(next.events).toEqual(['ready', 'refreshed'])
  })

  test.each([
    ['with notes', new Map<string, string>(), ['ready', 'expired', 'ready']],
    // the stored session is not shown before the service has confirmed it
    ['without storage for notes', 'refused' as const, ['ready']],
  ])('begins again after 15 seconds, %s, and reports no revocation', async (_, notes, events) => {
    const browser = simulateBrowser(server)
    browser.notes = notes
    const { next } = await reopenAfter(15, browser)
    expect(next.events).toEqual(events)
    expect(await introspect(server, await next.session.token())).toMatchObject({ active: true })
  })
})

test('a session that was ended in another tab is not restored from the storage', async () => {
  const browser = simulateBrowser(server)
  const storage = tabStorage()
  const page = browser.open({ storage })
  const other = browser.open()
  await begin(browser, page)
  await browser.time.pass(second)
  page.kill()
  other.session.forget()
  other.close()
  const next = browser.open({ storage })
  await browser.time.pass(second)
  expect(next.session.state()).toEqual({ status: 'idle' })
})

test('notes contain no readable token, and those of sessions that are over are removed', async () => {
  const browser = simulateBrowser(server)
  const first = browser.open()
  const visitor = await begin(browser, first)
  const token = await first.session.token()
  const notes = () => [...(browser.notes as Map<string, string>).entries()].join(' ')
  expect(notes()).toContain('hallpass')
  for (const secret of [token, visitor.visitor_id]) {
    // the simulated seal is readable; a real one is checked where it is defined
    expect(notes().replaceAll(/"sealed":".*?[^\\]"/g, '')).not.toContain(secret)
  }
  first.close()
  await browser.time.pass(25 * 60 * minute)
  await begin(browser, browser.open())
  expect((browser.notes as Map<string, string>).size).toBe(1)
})
