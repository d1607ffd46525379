import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'

let world: ClientWorld
beforeAll(async () => {
  world = await startClientWorld()
  world.sites.handle('localhost', '/refused', (_, response) => response.writeHead(401).end())
})
afterAll(() => world?.stop())

/** Runs in a page: begins a session in it. */
function begin(settings: ClientWorld['settings']): Promise<string> {
  window.seen = []
  window.session = Client.createWidgetSession(settings)
  window.session.subscribe(({ type }) => window.seen.push(type))
  return window.session.begin().then(({ session_id }) => session_id)
}

const shown = (page: Page) =>
  page.evaluate(() => ({ seen: window.seen, id: window.session.state().visitor?.session_id }))

// the test browser has no back/forward cache, so the page gets its events
const leave = (page: Page) =>
  page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
const back = (page: Page) =>
  page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))

/** Two pages of one session, of which the first has just left for the back/forward cache. */
async function leaveOneOfTwo() {
  const context = await world.browser.newContext()
  const url = world.sites.origin('localhost')
  const [page, other] = [await openPage(context, url), await openPage(context, url)]
  const id = await page.evaluate(begin, world.settings)
  expect(await other.evaluate(begin, world.settings)).toBe(id)
  await leave(page)
  return { context, page, other, id }
}

describe('a page that comes back from the back/forward cache', () => {
  test('continues with the tokens that a closed tab left encrypted', async () => {
    const { context, page, other, id } = await leaveOneOfTwo()
    const stored = () => other.evaluate(() => JSON.stringify({ ...localStorage }))
    await expect.poll(stored).toContain('sealed')
    const before = await stored()
    await other.evaluate(() => window.session.fetchWithSession('/refused').then(() => {}))
    expect((await shown(other)).seen).toEqual(['ready', 'refreshed'])
    await expect.poll(async () => (await stored()) !== before).toBe(true)
    // how each JWT begins
    expect(await stored()).toMatch(/^(?!.*eyJhbGci).*sealed/)
    const token = await other.evaluate(() => window.session.token())
    await other.close()
    expect((await shown(page)).seen).toEqual(['ready'])
    await back(page)
    await expect.poll(() => shown(page)).toEqual({ seen: ['ready', 'refreshed'], id })
    expect(await page.evaluate(() => window.session.token())).toBe(token)
    await context.close()
  })

  test('is not ready after forget() in another page', async () => {
    const { context, page, other } = await leaveOneOfTwo()
    await other.evaluate(() => window.session.forget())
    await other.close()
    expect((await shown(page)).seen).toEqual(['ready'])
    await back(page)
    expect(await shown(page)).toEqual({ seen: ['ready', 'expired'], id: undefined })
    await context.close()
  })
})

describe('a browser that refuses storage, channels and locks', () => {
  test('lets the frames of one page share a visitor', async () => {
    const context = await world.browser.newContext()
    // as Firefox does if all cookies are blocked
    await context.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: refuse })
      Object.assign(window, {
        BroadcastChannel: class {
          constructor() {
            refuse()
          }
        },
      })
      Object.defineProperty(navigator, 'locks', { value: { request: async () => refuse() } })
    })
    const url = world.sites.origin('localhost')
    const page = await openPage(context, url)
    await page.setContent(`<iframe src="${url}/"></iframe><iframe src="${url}/"></iframe>`)
    const frames = page.frames().filter((frame) => frame !== page.mainFrame())
    for (const frame of frames) await frame.waitForFunction(() => 'Client' in window)
    const settings = { ...world.settings, storage: 'session' as const }
    const [one, two] = await Promise.all(frames.map((frame) => frame.evaluate(begin, settings)))
    expect(one).toMatch(/^[0-9a-f-]{36}$/)
    expect(two).toBe(one)
    await context.close()
  })
})
