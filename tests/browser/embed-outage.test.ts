import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'
import { eventsOf, frameOf, mountInto, serveWidgets, tokenOf } from './support/widget-sites.js'

let world: ClientWorld
let context: BrowserContext
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
  const { sites, settings, widgets } = world
  const host = '<!doctype html><title>page</title><script src="/client.js"></script>'
  sites.serve('shop.test', '/strict', {
    body: host,
    headers: { 'Content-Security-Policy': `connect-src 'self'; frame-src ${widgets}` },
  })
  const widget = (work: string) =>
    `<!doctype html><script src="/client.js"></script><script>Client.connectToHost({ baseUrl: '${settings.baseUrl}' }).then((host) => { window.host = host; return ${work} })</script>`
  sites.serve('widgets.test', '/strict-widget', {
    body: widget('host.session.begin()'),
    headers: { 'Content-Security-Policy': "connect-src 'self'" },
  })
  sites.serve('widgets.test', '/config-widget', { body: widget('host.session.config()') })
  sites.serve('widgets.test', '/fetching-widget', { body: widget(`host.session.fetchWithSession('/messages')`) })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
  // the widget tries again after a moment, and waits for a service that hangs
  await context.clock.install()
})
afterEach(() => context.close())

const stateOf = (page: Page) => page.evaluate(() => window.widget.state())

/** Advances time until the page has learned something after `connected`. */
async function learnedBy(page: Page, after = 1): Promise<unknown[]> {
  await expect
    .poll(async () => {
      await context.clock.fastForward(6_000)
      return (await eventsOf(page)).length
    })
    .toBeGreaterThan(after)
  return (await eventsOf(page)).map(({ type, reason = type }) => reason)
}

/** Why the widget of a page can't begin a session. Undefined if it can. */
async function reasonOfBegin(page: Page): Promise<string | undefined> {
  const widget = await frameOf(page)
  return widget.evaluate(async () =>
    window.host?.session.begin().then(
      () => undefined,
      ({ reason }) => String(reason),
    ),
  )
}

const ofService = () => `${world.server.url}/**`
const block = () => context.route(ofService(), (route) => route.abort('blockedbyclient'))

describe('a page learns that its widget has no session', () => {
  test.each<[string, string, string, string, string, (() => unknown)?]>([
    ['is blocked by the browser', '/', '/widget', 'network', 'offline', block],
    ['is blocked, and the widget reads its config first', '/', '/config-widget', 'network', 'offline', block],
    ['is blocked, and the widget calls its API', '/', '/fetching-widget', 'network', 'offline', block],
    ["is missing from the page's connect-src", '/strict', '/widget', 'network', 'offline'],
    ["is missing from the widget's connect-src", '/', '/strict-widget', 'network', 'offline'],
    [
      'always returns 503',
      '/',
      '/widget',
      'unavailable',
      'refused',
      () =>
        context.route(ofService(), (route) =>
          route.fulfill({ status: 503, headers: { 'Access-Control-Allow-Origin': '*' } }),
        ),
    ],
    ['never responds', '/', '/widget', 'network', 'offline', () => context.route(ofService(), () => {})],
  ])('because the service %s', async (_, path, widget, reason, state, prepare) => {
    await prepare?.()
    const page = await openPage(context, world.shop + path)
    await mountInto(page, world, { path: widget })
    expect(await learnedBy(page)).toEqual(['connected', reason])
    expect(await stateOf(page)).toBe(state)
  })

  test('once, however often the widget tries, and that it has one when the service is back', async () => {
    await block()
    const page = await openPage(context, world.shop)
    await mountInto(page, world, { path: '/config-widget' })
    expect(await learnedBy(page)).toEqual(['connected', 'network'])
    expect(await reasonOfBegin(page)).toBe('network')
    expect(await eventsOf(page)).toHaveLength(2)
    await context.unroute(ofService())
    expect(await reasonOfBegin(page)).toBeUndefined()
    expect(await learnedBy(page, 2)).toEqual(['connected', 'network', 'ready'])
    expect(await stateOf(page)).toBe('ready')
  })
})

test('a session that has begun goes on in an outage; one that begins after a logout does not', async () => {
  const page = await openPage(context, world.shop)
  await mountInto(page, world)
  await tokenOf(page)
  await block()
  await context.clock.fastForward(20 * 60_000)
  expect(await reasonOfBegin(page)).toBe('network')
  expect(await learnedBy(page)).toEqual(['connected', 'ready'])
  expect(await stateOf(page)).toBe('ready')
  await page.evaluate(() => window.widget.forget())
  await expect.poll(() => stateOf(page)).toBe('ended')
  expect(await reasonOfBegin(page)).toBe('network')
  expect(await learnedBy(page, 3)).toEqual(['connected', 'ready', 'expired', 'network'])
  expect(await stateOf(page)).toBe('offline')
})
