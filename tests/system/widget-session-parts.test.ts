import type { SessionStore } from '@hallpass/client/browser'
import { describe, expect, test } from 'vitest'
import { type SimulatedBrowser, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const second = 1_000
const minute = 60 * second

const server = withServer()

/** A browser that can't load the parts of the client that a page doesn't load at once. */
function browserWithout(parts: SimulatedBrowser['parts'], options: Parameters<typeof simulateBrowser>[1] = {}) {
  const browser = simulateBrowser(server, options)
  browser.parts = parts
  return browser
}

describe.each(['refused', 'hang'] as const)('a client whose parts cannot be loaded (%s)', (parts) => {
  test('begins at once, shares the session with other tabs, and refreshes it in time', async () => {
    const browser = browserWithout(parts)
    const tabs = [browser.open(), browser.open()]
    const [first] = await within(browser, second, Promise.all(tabs.map(({ session }) => session.token())))
    await browser.time.pass(20 * minute)
    const tokens = await within(browser, second, Promise.all(tabs.map(({ session }) => session.token())))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(first)
    expect(await introspect(server, tokens[0] ?? '')).toMatchObject({ active: true })
    for (const { events } of tabs) expect(events).toEqual(['ready', 'refreshed'])
  })

  test('goes ahead without Web Locks', async () => {
    const browser = browserWithout(parts, { hasLocks: false })
    const { session } = browser.open()
    expect(await within(browser, 12 * second, session.token())).toBeTypeOf('string')
    await browser.time.pass(20 * minute)
    expect(await introspect(server, await within(browser, 12 * second, session.token()))).toMatchObject({
      active: true,
    })
  })

  test('keeps the session in memory only, and forgets it', async () => {
    const browser = browserWithout(parts)
    const stored = new Map<string, string>()
    const storage: SessionStore = {
      get: (key) => stored.get(key),
      set: (key, value) => void stored.set(key, value),
      remove: (key) => void stored.delete(key),
    }
    const [tab, other] = [browser.open({ storage }), browser.open({ storage })]
    const token = await within(browser, 12 * second, tab.session.token())
    tab.session.forget()
    await browser.time.pass(10 * second)
    expect(await introspect(server, token)).toMatchObject({ active: false })
    expect([tab, other].map(({ session }) => session.state())).toEqual([{ status: 'idle' }, { status: 'idle' }])
    expect(stored.size).toBe(0)
  })
})

test('a client whose parts could not be loaded loads them with the next refresh', async () => {
  const browser = browserWithout('refused')
  const { session } = browser.open()
  await within(browser, second, session.begin())
  expect(browser.notes).toEqual(new Map())
  browser.parts = 'loadable'
  await browser.time.pass(20 * minute)
  expect((browser.notes as Map<string, string>).size).toBe(1)
})
