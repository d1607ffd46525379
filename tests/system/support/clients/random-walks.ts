import type { KeyBinding, SessionStore } from '@hallpass/client/browser'
import fc from 'fast-check'
import { expect } from 'vitest'
import { preferring } from '../fixtures/bound-client-keys.js'
import { createProver } from '../fixtures/dpop.js'
import { introspect, mintUserToken, revoke } from '../fixtures/mint.js'
import type { TestServer } from '../servers/in-process-server.js'
import { tabStorage } from './simulated-origin.js'
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
  fc.record({ what: fc.constant('log out elsewhere' as const), place }),
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
  readonly isBound: boolean
  readonly places: readonly Place[]
  readonly open: (storage: SessionStore) => SimulatedTab
  /** The sessions that were forgotten, and the pages that know it. */
  readonly forgotten: Map<string, readonly SimulatedTab[]>
  /** The sessions that were ended on the service. */
  readonly ended: Set<string>
}

interface Visit {
  readonly isUser: boolean
  /** Whether the browser lets pages write anything down, and whether they can load what does so. */
  readonly records: 'kept' | 'refused' | 'not loadable'
  /** Proves the browser's key. Without it, sessions aren't bound. */
  readonly binding: KeyBinding | undefined
}

function startWalk(server: TestServer, { isUser, records, binding }: Visit): Walk {
  const browser = simulateBrowser(server)
  if (records === 'refused') browser.notes = 'refused'
  if (records === 'not loadable') browser.parts = 'refused'
  const { track } = browser.time
  const key = binding && {
    clientKey: preferring,
    binding: { headers: (one) => track(binding.headers(one)) } satisfies KeyBinding,
  }
  const userToken = () => track(mintUserToken(server, key ? { client_key: preferring } : {}))
  const user = { userId: 'user_42', visitorToken: userToken }
  const open = (storage: SessionStore) => browser.open({ storage, ...(isUser ? user : {}), ...key })
  const places = [0, 1, 2].map(() => {
    const storage = tabStorage()
    return { storage, page: open(storage) }
  })
  return {
    server,
    browser,
    isBound: binding !== undefined,
    places,
    open,
    forgotten: new Map(),
    ended: new Set(),
  }
}

/** Ends a page's session on the service, as another device does. */
async function endElsewhere({ server, browser, ended }: Walk, { session }: SimulatedTab): Promise<void> {
  const id = session.state().visitor?.session_id
  const last = browser.issued.findLast(({ session_id }) => session_id === id)
  if (!last) return
  ended.add(last.session_id)
  await browser.time.track(revoke(server, last.token))
}

/** No token of a session that was ended is alive, including those that no page has received. */
async function expectEnded({ server, browser, ended }: Walk): Promise<void> {
  for (const { session_id, token } of browser.issued) {
    if (ended.has(session_id)) expect(await introspect(server, token)).toMatchObject({ active: false })
  }
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
      if (one.what === 'leave') leave(walk, page)
      if (one.what === 'log out elsewhere') await endElsewhere(walk, page)
      if (one.what === 'forget') {
        const { visitor } = page.session.state()
        const pages = awake(walk).filter(({ session }) => session.state().visitor?.session_id === visitor?.session_id)
        if (visitor) forgotten.set(visitor.session_id, pages)
        // the service learns of it, even if its response is lost
        if (visitor && (browser.network === 'up' || browser.network === 'lossy')) walk.ended.add(visitor.session_id)
        page.session.forget()
      }
    }
  }
  await browser.time.pass(10)
  if (one.what === 'forget' || one.what === 'log out elsewhere') await expectEnded(walk)
  // a page that is awake never shows a session that its visitor left
  for (const page of awake(walk)) {
    const shown = page.session.state().visitor?.session_id ?? ''
    expect(forgotten.has(shown) && isKnown(walk, shown)).toBe(false)
  }
}

const awake = ({ places }: Walk) => places.flatMap(({ page }) => (page.isAsleep() ? [] : [page]))

function leave({ forgotten }: Walk, page: SimulatedTab): void {
  page.leave()
  // it doesn't hear the other pages any more
  for (const [id, pages] of forgotten)
    forgotten.set(
      id,
      pages.filter((one) => one !== page),
    )
}

/** Whether anything can tell a page that comes back of a logout: the notes, the service, or a page that is awake. */
function isKnown(walk: Walk, id: string): boolean {
  const { browser, ended, forgotten } = walk
  return browser.notes !== 'refused' || ended.has(id) || awake(walk).some((page) => forgotten.get(id)?.includes(page))
}

async function finish(walk: Walk): Promise<void> {
  const { browser, server, isBound, places, ended } = walk
  Object.assign(browser, { network: 'up', latency: 0 })
  for (const { page } of places) {
    page.wake()
    page.back()
  }
  await expectEnded(walk)
  // a page learns at the next refresh that its session was ended elsewhere
  await browser.time.pass(ended.size > 0 ? 20 * minute : 2 * minute)
  const tokens = Promise.all(places.map(({ page }) => page.session.begin().then(() => page.session.token())))
  await browser.time.pass(bound)
  const alive = { active: true, ...(isBound ? { cnf: { jkt: expect.any(String) } } : {}) }
  for (const token of await tokens) expect(await introspect(server, token)).toMatchObject(alive)
  for (const { page } of places) page.session.close()
}

interface WalkOptions {
  readonly runs: number
  /** Whether every response arrives. */
  readonly isSafe: boolean
  /** Whether the sessions are bound to a key of the browser. */
  readonly isBound?: boolean
}

/** Random walks of a visitor over three tabs. A session ends only for a cause that the visitor made. */
export async function walk(server: TestServer, { runs, isSafe, isBound = false }: WalkOptions): Promise<void> {
  const binding = isBound ? await bindingOf(server) : undefined
  const happening: fc.Arbitrary<Happening> = isSafe ? fc.oneof(...harmless) : fc.oneof(...harmless, ...harmful)
  const allRecords = fc.constantFrom<Visit['records'][]>(
    'kept',
    ...(isSafe ? [] : (['refused', 'not loadable'] as const)),
  )
  const property = fc.asyncProperty(
    fc.array(happening, { maxLength: 30, size: 'max' }),
    fc.boolean(),
    allRecords,
    async (story, isUser, records) => {
      const one = startWalk(server, { isUser, binding, records })
      // without a session, little can happen
      await step(one, { what: 'need', place: 0 })
      for (const happened of story) await step(one, happened)
      const has = (wanted: Happening['what']) => story.some(({ what }) => what === wanted)
      await finish(one)
      for (const { page } of one.places) {
        if (!has('log out elsewhere')) expect(page.events).not.toContain('revoked')
        // a session ends only by a logout if every response arrives
        if (isSafe && !has('forget') && !has('log out elsewhere')) expect(page.events).not.toContain('expired')
      }
    },
  )
  await fc.assert(property, { numRuns: runs })
}

/** Proofs of one key, which all pages of a browser share. */
async function bindingOf(server: TestServer): Promise<KeyBinding> {
  const { prove } = await createProver(server.clock)
  return {
    async headers({ method, url, token }) {
      const proof = await prove(url, { htm: method, ...(token === undefined ? {} : { token }) })
      return { DPoP: proof, ...(token === undefined ? {} : { Authorization: `DPoP ${token}` }) }
    },
  }
}
