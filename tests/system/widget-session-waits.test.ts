import type { SessionStore } from '@hallpass/client/browser'
import { describe, expect, test } from 'vitest'
import { simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const second = 1_000
const minute = 60 * second

const server = withServer()

describe('a tab that is frozen while it holds the lock', () => {
  test('blocks the other tabs for less than 5 seconds', async () => {
    const browser = simulateBrowser(server)
    const [frozen, other] = [browser.open(), browser.open()]
    browser.latency = 2 * second
    frozen.session.begin().catch(() => {})
    await browser.time.pass(500)
    frozen.sleep()
    browser.latency = 0
    const started = browser.time.now()
    expect(await within(browser, 5 * second, other.session.token())).toBeTypeOf('string')
    expect(browser.time.now() - started).toBeLessThanOrEqual(5 * second)
    // the next one doesn't wait for it again
    const third = browser.open()
    expect(await within(browser, second, third.session.token())).toBe(await other.session.token())
  })

  test('adopts the newer tokens of the others when it wakes with an old response', async () => {
    const browser = simulateBrowser(server)
    const [frozen, other] = [browser.open(), browser.open()]
    const begun = within(browser, second, frozen.session.begin())
    await begun
    browser.latency = 2 * second
    while (!browser.calls.some(({ endpoint }) => endpoint === 'refresh')) await browser.time.pass(100)
    frozen.sleep()
    browser.latency = 0
    await browser.time.pass(60 * minute)
    frozen.wake()
    await browser.time.pass(20 * minute)
    const token = await within(browser, 5 * second, frozen.session.token())
    expect(token).toBe(await within(browser, 5 * second, other.session.token()))
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect([...frozen.events, ...other.events]).not.toContain('revoked')
    expect([...frozen.events, ...other.events]).not.toContain('expired')
  })
})

describe('a call with an AbortSignal', () => {
  test.each(['token', 'begin', 'config'] as const)('%s rejects as soon as it is aborted', async (name) => {
    const browser = simulateBrowser(server)
    browser.network = 'hangs'
    const { session } = browser.open()
    const aborting = new AbortController()
    const call = session[name]({ signal: aborting.signal })
    const outcome = call.catch((error: unknown) => error)
    await browser.time.pass(500)
    aborting.abort(new Error('The visitor left.'))
    expect(await outcome).toMatchObject({ reason: 'aborted', cause: { message: 'The visitor left.' } })
    // others still wait for the same session
    browser.network = 'up'
    expect(await within(browser, 10 * second, session.token())).toBeTypeOf('string')
  })

  test('upgrade rejects if it was aborted before', async () => {
    const { session } = simulateBrowser(server).open()
    await expect(session.upgrade('token', { signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: 'aborted' })
  })

  test('fetchWithSession rejects like fetch, while it waits for a token', async () => {
    const browser = simulateBrowser(server)
    browser.network = 'hangs'
    const { session } = browser.open()
    const aborting = new AbortController()
    const outcome = session
      .fetchWithSession(`${server.url}/messages`, { signal: aborting.signal })
      .catch((error: unknown) => error)
    await browser.time.pass(500)
    aborting.abort()
    expect(await outcome).toMatchObject({ name: 'AbortError' })
  })
})

describe('every wait ends', () => {
  test('of a visitorToken callback that waits for its own session: after 10 seconds', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open({ visitorToken: () => tab.session.token() })
    await expect(within(browser, 11 * second, tab.session.token())).rejects.toMatchObject({ reason: 'network' })
  })

  test('of a call whose fetch ignores its signal: the service counts as unreachable', async () => {
    const browser = simulateBrowser(server)
    browser.network = 'hangs for ever'
    const { session } = browser.open()
    await expect(within(browser, 20 * second, session.token())).rejects.toMatchObject({ reason: 'network' })
    await expect(within(browser, 6 * second, session.config())).rejects.toMatchObject({ reason: 'network' })
  })

  test('of a storage that never responds: the session stays in memory', async () => {
    const browser = simulateBrowser(server)
    const never = () => new Promise<never>(() => {})
    const storage: SessionStore = { get: never, set: never, remove: never }
    const { session } = browser.open({ storage })
    expect(await within(browser, 10 * second, session.token())).toBeTypeOf('string')
  })
})
