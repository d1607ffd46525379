import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientSites, startClientSites } from '../browser/support/client-world.js'
import { describeEngines } from './support/engines.js'
import type { RemotePage } from './support/remote-page.js'

declare global {
  interface Window {
    /** Whether the page came from the back/forward cache. */
    wasCached: boolean
  }
}

let world: ClientSites
let url = ''
beforeAll(async () => {
  world = await startClientSites({ domain: 'localhost' })
  url = world.sites.origin('localhost')
  world.sites.handle('localhost', '/refused', (_, response) => response.writeHead(401).end())
  world.sites.serve('localhost', '/elsewhere', { body: '<!doctype html><title>elsewhere</title>' })
})
afterAll(() => world?.stop())

/** Runs in a page: begins a session in it. */
function begin(settings: ClientSites['settings']): Promise<string> {
  window.seen = []
  window.wasCached = false
  addEventListener('pageshow', ({ persisted }) => {
    window.wasCached = persisted
  })
  window.session = Client.createWidgetSession(settings)
  window.session.subscribe(({ type }) => window.seen.push(type))
  return window.session.begin().then(({ session_id }) => session_id)
}

const shown = (page: RemotePage) =>
  page.evaluate(() => ({
    wasCached: window.wasCached,
    seen: window.seen,
    id: window.session.state().visitor?.session_id ?? null,
  }))

describeEngines('a page that Back brings from the back/forward cache', (newPage) => {
  /** Two pages of one session, of which the first has just left. */
  async function leaveOneOfTwo() {
    const page = await newPage(url)
    const other = await newPage(url)
    const id = await page.evaluate(begin, world.settings)
    expect(await other.evaluate(begin, world.settings)).toBe(id)
    await page.goto(`${url}/elsewhere`)
    return { page, other, id }
  }

  test('continues with the tokens that a closed tab left encrypted', async () => {
    const { page, other, id } = await leaveOneOfTwo()
    await other.evaluate(() => window.session.fetchWithSession('/refused').then(() => {}))
    const token = await other.evaluate(() => window.session.token())
    await expect.poll(() => other.evaluate(() => JSON.stringify({ ...localStorage }))).toContain('sealed')
    await other.close()
    await page.back()
    await expect.poll(() => shown(page)).toEqual({ wasCached: true, seen: ['ready', 'refreshed'], id })
    expect(await page.evaluate(() => window.session.token())).toBe(token)
    await page.evaluate(() => window.session.forget())
    await page.close()
  })

  test('is not ready after forget() in another page', async () => {
    const { page, other } = await leaveOneOfTwo()
    await other.evaluate(() => window.session.forget())
    await other.close()
    await page.back()
    await expect.poll(() => shown(page)).toEqual({ wasCached: true, seen: ['ready', 'expired'], id: null })
    await page.close()
  })
})
