import { setImmediate } from 'node:timers/promises'
import type { SessionStore } from '@hallpass/client/browser'
import { describe, expect, test } from 'vitest'
import { endpointsOf, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const storageIn = (values: Map<string, string>): SessionStore => ({
  get: (key) => values.get(key),
  set: (key, value) => void values.set(key, value),
  remove: (key) => void values.delete(key),
})

/** A storage such as IndexedDB, which responds later. */
const slowly = ({ get, set, remove }: SessionStore): SessionStore => ({
  get: async (key) => {
    await setImmediate()
    return get(key)
  },
  set,
  remove,
})

const server = withServer()

describe('forget()', () => {
  const isActive = async (token: string) => (await introspect(server, token)).active

  test('ends the session on the service too', async () => {
    const browser = simulateBrowser(server)
    const [tab, other] = [browser.open(), browser.open()]
    const token = await within(browser, 1_000, tab.session.token())
    await within(browser, 1_000, other.session.token())
    tab.session.forget()
    await browser.time.pass(1_000)
    expect(await isActive(token)).toBe(false)
    expect(endpointsOf(browser).filter((endpoint) => endpoint === 'logout')).toHaveLength(1)
  })

  test('ends a session whose response arrives later', async () => {
    const browser = simulateBrowser(server)
    browser.latency = 500
    const { session } = browser.open()
    const token = session.token().catch((error: unknown) => error)
    await browser.time.pass(300)
    session.forget()
    await browser.time.pass(2_000)
    expect(await token).toMatchObject({ reason: 'aborted' })
    expect(endpointsOf(browser)).toEqual(['guest', 'logout'])
    const { refresh_token } = browser.calls[1]?.body ?? {}
    expect(await introspect(server, String(refresh_token))).toEqual({ active: false })
  })

  test.each([
    ['whose refresh token is in the storage of the page', storageIn],
    ['that a slow storage has', (values: Map<string, string>) => slowly(storageIn(values))],
  ])('ends a session %s, before the page has read it', async (_, storageOf) => {
    const browser = simulateBrowser(server)
    const values = new Map<string, string>()
    const before = browser.open({ storage: storageIn(values) })
    const token = await within(browser, 1_000, before.session.token())
    before.close()
    await browser.time.pass(1_000)
    const after = browser.open({ storage: storageOf(values) })
    after.session.forget()
    await browser.time.pass(1_000)
    expect(await isActive(token)).toBe(false)
    expect(after.session.state()).toEqual({ status: 'idle' })
    expect(values.size).toBe(0)
  })

  test('does not end the session that the page begins next', async () => {
    const browser = simulateBrowser(server)
    const values = new Map<string, string>()
    const { session } = browser.open({ storage: slowly(storageIn(values)) })
    session.forget()
    const token = await within(browser, 2_000, session.token())
    await browser.time.pass(1_000)
    expect(await isActive(token)).toBe(true)
    expect(values.size).toBe(1)
  })

  test('logs out a page that was opened later, even if a tab that slept still offers the session', async () => {
    const browser = simulateBrowser(server)
    browser.parts = 'refused'
    const [tab, sleeper] = [browser.open(), browser.open()]
    await within(browser, 1_000, tab.session.token())
    sleeper.sleep()
    browser.open().close()
    tab.session.forget()
    await browser.time.pass(1_000)
    tab.close()
    const late = browser.open()
    await browser.time.pass(1_000)
    sleeper.wake()
    await browser.time.pass(100)
    expect(late.session.state()).toEqual({ status: 'idle' })
    await browser.time.pass(20 * 60_000)
    expect(late.events).toEqual(['ready', 'expired'])
  })
})
