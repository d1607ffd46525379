import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientSites, startClientSites } from '../browser/support/client-world.js'
import { describeCookieSettings, describeEngines } from './support/engines.js'
import type { RemoteBrowser, RemoteFrame } from './support/remote-page.js'

let world: ClientSites
let url = ''
beforeAll(async () => {
  world = await startClientSites({ domain: 'localhost' })
  url = world.sites.origin('localhost')
  const twoFrames = (src: string) => `<!doctype html><iframe src="${src}/"></iframe><iframe src="${src}/"></iframe>`
  world.sites.serve('localhost', '/frames', { body: twoFrames(url) })
  world.sites.serve('shop.localhost', '/frames', { body: twoFrames(url) })
})
afterAll(() => world?.stop())

/** Runs in a page: begins a session in it, and uses it. */
async function begin(settings: ClientSites['settings']) {
  window.session = Client.createWidgetSession({ ...settings, storage: 'session' })
  const { session_id } = await window.session.begin()
  const { status } = await window.session.fetchWithSession('/')
  return { session_id, status }
}

/** Runs in a page: begins a session that is bound to a key. */
async function beginBound(settings: ClientSites['settings']) {
  const session = Client.createWidgetSession({ ...settings, binding: Client.bindToKey() })
  const [, payload = ''] = (await session.token()).split('.')
  const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
  session.forget()
  return { isBound: claims.cnf?.jkt !== undefined, sub: claims.sub }
}

/** What the browser refuses to a page. */
async function refusals(): Promise<string[]> {
  const attempts: Record<string, () => unknown> = {
    localStorage: () => localStorage.setItem('probe', '1'),
    sessionStorage: () => sessionStorage.setItem('probe', '1'),
    BroadcastChannel: () => new BroadcastChannel('probe').close(),
    locks: () => navigator.locks.request('probe', () => {}),
    indexedDB: () =>
      new Promise((resolve, reject) => Object.assign(indexedDB.open('probe'), { onsuccess: resolve, onerror: reject })),
  }
  const refused: string[] = []
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt()
    } catch {
      refused.push(name)
    }
  }
  return refused
}

const both = async <T>(page: Awaited<ReturnType<RemoteBrowser['newPage']>>, run: (frame: RemoteFrame) => Promise<T>) =>
  Promise.all([run(page.frame(0)), run(page.frame(1))])

describeEngines('a session', (newPage) => {
  test('is shared by the frames of one page', async () => {
    const page = await newPage(`${url}/frames`)
    const [one, two] = await both(page, (frame) => frame.evaluate(begin, world.settings))
    expect(one).toEqual({ session_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 200 })
    expect(two).toEqual(one)
  })

  test('is another one for a widget in a page of another site', async () => {
    const page = await newPage(`${world.shop}/frames`)
    const [one, two] = await both(page, (frame) => frame.evaluate(begin, world.settings))
    expect(two).toEqual(one)
    const own = await newPage(url)
    const { session_id } = await own.evaluate(begin, world.settings)
    expect(session_id).not.toBe(one.session_id)
  })

  test('is bound to a key that stays in the browser, so the same guest returns', async () => {
    const page = await newPage(world.shop)
    const first = await page.evaluate(beginBound, world.settings)
    expect(first).toEqual({ isBound: true, sub: expect.any(String) })
    const later = await newPage(world.shop)
    expect(await later.evaluate(beginBound, world.settings)).toEqual(first)
  })
})

const whatIsRefused: Record<string, readonly string[]> = {
  'Firefox, third parties blocked': ['localStorage', 'BroadcastChannel', 'locks', 'indexedDB'],
  'Firefox, all blocked': ['localStorage', 'sessionStorage', 'BroadcastChannel', 'locks', 'indexedDB'],
}

describeCookieSettings('a widget in a page of another site', (newPage, engine) => {
  test('has one session for all of its frames, whatever the browser refuses', async () => {
    const page = await newPage(`${world.shop}/frames`)
    const refused = await page.frame(0).evaluate(refusals)
    expect(refused).toEqual(whatIsRefused[engine])
    const [one, two] = await both(page, (frame) => frame.evaluate(begin, world.settings))
    expect(one).toEqual({ session_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 200 })
    expect(two).toEqual(one)
    expect(await page.frame(0).evaluate(beginBound, world.settings)).toMatchObject({ sub: expect.any(String) })
  })
})
