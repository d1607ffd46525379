import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SimulatedBrowser, type SimulatedTab, simulateBrowser } from './support/clients/simulated-tabs.js'
import { introspect } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const minute = 60_000
const hour = 60 * minute

const server = withServer()

const tab = fc.nat(3)
const happening = fc.oneof(
  fc.record({ what: fc.constant('need' as const), tab }),
  fc.record({ what: fc.constant('open' as const) }),
  fc.record({ what: fc.constant('sleep' as const), tab }),
  fc.record({ what: fc.constant('wake' as const), tab }),
  fc.record({ what: fc.constant('close' as const), tab }),
  fc.record({ what: fc.constant('set clock' as const), offset: fc.integer({ min: -hour, max: hour }) }),
  fc.record({
    what: fc.constant('network' as const),
    is: fc.constantFrom('up' as const, 'down' as const, 503 as const),
  }),
  fc.record({ what: fc.constant('time' as const), passes: fc.integer({ min: 1, max: 40 * minute }) }),
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** At most four tabs, at least one of them awake: an old token in the only tab that woke is not a fault. */
async function happen(browser: SimulatedBrowser, tabs: SimulatedTab[], one: Happening): Promise<void> {
  const chosen = 'tab' in one ? tabs[one.tab % tabs.length] : undefined
  const awake = tabs.filter((other) => !other.isAsleep())
  const canSpare = chosen && awake.some((other) => other !== chosen)
  if (one.what === 'time') await browser.time.pass(one.passes)
  if (one.what === 'network') browser.network = one.is
  if (one.what === 'open' && tabs.length < 4) tabs.push(browser.open())
  if (one.what === 'need' && chosen && !chosen.isAsleep()) chosen.session.token().catch(() => {})
  if (one.what === 'sleep' && canSpare) chosen.sleep()
  if (one.what === 'wake') chosen?.wake()
  if (one.what === 'set clock') browser.clockOffset = one.offset
  if (one.what === 'close' && canSpare && !chosen.isAsleep() && awake.length === tabs.length) {
    chosen.close()
    tabs.splice(tabs.indexOf(chosen), 1)
  }
  await browser.time.settle()
}

describe('a widget session, whatever happens to its tabs', () => {
  test.each([
    ['with Web Locks', true],
    ['without them', false],
  ])('%s: no one is logged out, no refresh token is reused, all tabs get the same token', async (_, hasLocks) => {
    const options = { hasLocks, stopsInSleep: fc.boolean() }
    const property = fc.asyncProperty(
      fc.array(happening, { maxLength: 30 }),
      options.stopsInSleep,
      async (story, stopsInSleep) => {
        const browser = simulateBrowser(server, { hasLocks, stopsInSleep })
        const tabs = [browser.open(), browser.open()]
        for (const one of story) await happen(browser, tabs, one)
        browser.network = 'up'
        for (const one of tabs) one.wake()
        await browser.time.pass(2 * minute)
        const asked = Promise.all(tabs.map(({ session }) => session.token()))
        await browser.time.pass(10_000)
        const tokens = await asked
        expect(new Set(tokens).size).toBe(1)
        expect(await introspect(server, tokens[0] ?? '')).toMatchObject({ active: true })
        for (const { events } of tabs) expect(events.filter((type) => type !== 'refreshed')).toEqual(['ready'])
        const spent = browser.calls
          .filter(({ endpoint }) => endpoint === 'refresh')
          .map(({ body }) => body.refresh_token)
        if (hasLocks) expect(spent).toEqual([...new Set(spent)])
        // a tab may be closed before it could share its result with the others
        const closed = story.filter(({ what }) => what === 'close').length
        expect(browser.calls.filter(({ endpoint }) => endpoint === 'guest').length).toBeLessThanOrEqual(1 + closed)
        for (const { close } of tabs) close()
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })
})
