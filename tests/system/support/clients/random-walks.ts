import type { SessionStore } from '@hallpass/client/browser'
import fc from 'fast-check'
import { expect } from 'vitest'
import { introspect, mintUserToken } from '../fixtures/mint.js'
import type { TestServer } from '../servers/in-process-server.js'
import { type SimulatedBrowser, type SimulatedTab, simulateBrowser } from './simulated-tabs.js'

const second = 1_000
const minute = 60 * second
/** How long a call may take. */
const bound = 45 * second

const place = fc.nat(2)
/** What a visitor and the visitor's device do without losing anything. */
const harmless = [
  fc.record({ what: fc.constant('need' as const), place }),
  fc.record({ what: fc.constant('sleep' as const), place }),
  fc.record({ what: fc.constant('wake' as const), place }),
  fc.record({ what: fc.constant('leave' as const), place }),
  fc.record({ what: fc.constant('back' as const), place }),
  fc.record({ what: fc.constant('forget' as const), place }),
  fc.record({ what: fc.constant('set clock' as const), offset: fc.integer({ min: -60 * minute, max: 60 * minute }) }),
  fc.record({ what: fc.constant('network' as const), is: fc.constantFrom('up' as const, 'down' as const) }),
  fc.record({ what: fc.constant('time' as const), passes: fc.integer({ min: 1, max: 40 * minute }) }),
]
/** What can lose a response on its way. */
const harmful = [
  fc.record({ what: fc.constant('kill' as const), place }),
  fc.record({ what: fc.constant('network' as const), is: fc.constantFrom('lossy' as const, 'hangs' as const) }),
  fc.record({ what: fc.constant('latency' as const), is: fc.constantFrom(0, 300, 3_000) }),
]
type Happening = (typeof harmless | typeof harmful)[number] extends fc.Arbitrary<infer T> ? T : never

/** A tab of the browser, with the page that it shows, and the `sessionStorage` that its pages share. */
interface Place {
  page: SimulatedTab
  readonly storage: SessionStore
}

interface Walk {
  readonly server: TestServer
  readonly browser: SimulatedBrowser
  readonly places: readonly Place[]
  readonly open: (storage: SessionStore) => SimulatedTab
  /** The sessions that were forgotten. */
  readonly forgotten: Set<string>
}

function tabStorage(): SessionStore {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  }
}

function startWalk(server: TestServer, { isUser, notes }: { isUser: boolean; notes: SimulatedBrowser['notes'] }): Walk {
  const browser = simulateBrowser(server)
  browser.notes = notes
  const user = { userId: 'user_42', visitorToken: () => browser.time.track(mintUserToken(server)) }
  const open = (storage: SessionStore) => browser.open({ storage, ...(isUser ? user : {}) })
  const places = [0, 1, 2].map(() => {
    const storage = tabStorage()
    return { storage, page: open(storage) }
  })
  return { server, browser, places, open, forgotten: new Set() }
}

/** Asks for a token. The call has to end within the bound, unless the page is asleep or gone then. */
function need(walk: Walk, { session }: SimulatedTab, isFrozen: () => boolean): void {
  const { time } = walk.browser
  let isDone = false
  const end = () => {
    isDone = true
  }
  session.token().then(end, end)
  time.after(bound + second, () => expect(isDone || isFrozen()).toBe(true))
}

async function step(walk: Walk, one: Happening): Promise<void> {
  const { browser, places, open, forgotten } = walk
  const chosen = 'place' in one ? places[one.place] : undefined
  if (one.what === 'time') await browser.time.pass(one.passes)
  if (one.what === 'network') browser.network = one.is
  if (one.what === 'latency') browser.latency = one.is
  if (one.what === 'set clock') browser.clockOffset = one.offset
  if (chosen) {
    const { page } = chosen
    if (one.what === 'wake') page.wake()
    if (one.what === 'back') page.back()
    if (one.what === 'kill') {
      page.kill()
      Object.assign(chosen, { page: open(chosen.storage) })
    }
    if (!page.isAsleep()) {
      if (one.what === 'need') need(walk, page, () => page.isAsleep() || chosen.page !== page)
      if (one.what === 'sleep') page.sleep()
      if (one.what === 'leave') page.leave()
      if (one.what === 'forget') {
        const { visitor } = page.session.state()
        if (visitor) forgotten.add(visitor.session_id)
        page.session.forget()
      }
    }
  }
  await browser.time.pass(10)
  // a page that is awake never shows a session that its visitor left
  for (const { page } of places) {
    if (!page.isAsleep()) expect(forgotten).not.toContain(page.session.state().visitor?.session_id)
  }
}

async function finish({ browser, server, places }: Walk): Promise<void> {
  Object.assign(browser, { network: 'up', latency: 0 })
  for (const { page } of places) {
    page.wake()
    page.back()
  }
  await browser.time.pass(2 * minute)
  const tokens = Promise.all(places.map(({ page }) => page.session.begin().then(() => page.session.token())))
  await browser.time.pass(bound)
  for (const token of await tokens) expect(await introspect(server, token)).toMatchObject({ active: true })
  for (const { page } of places) page.session.close()
}

/** Random walks of a visitor over three tabs. Nothing is revoked, so no page may report that it was. */
export async function walk(server: TestServer, { runs, isSafe }: { runs: number; isSafe: boolean }): Promise<void> {
  const happening: fc.Arbitrary<Happening> = isSafe ? fc.oneof(...harmless) : fc.oneof(...harmless, ...harmful)
  const notes = isSafe ? fc.constant('kept' as const) : fc.constantFrom('kept' as const, 'refused' as const)
  const property = fc.asyncProperty(
    fc.array(happening, { maxLength: 30 }),
    fc.boolean(),
    notes,
    async (story, isUser, kept) => {
      const one = startWalk(server, { isUser, notes: kept === 'kept' ? new Map() : 'refused' })
      for (const happened of story) await step(one, happened)
      const hasForgotten = story.some(({ what }) => what === 'forget')
      await finish(one)
      for (const { page } of one.places) {
        expect(page.events).not.toContain('revoked')
        // a session ends only by a logout if every response arrives
        if (isSafe && !hasForgotten) expect(page.events).not.toContain('expired')
      }
    },
  )
  await fc.assert(property, { numRuns: runs })
}
