import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'
import { eventsOf, frameOf, mountInto, serveWidgets, tokenOf } from './support/widget-sites.js'

declare global {
  interface Window {
    /** How often a frame of the page has loaded. */
    loads: number
  }
}

let world: ClientWorld
let context: BrowserContext
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
  const { sites, settings } = world
  const start = (delay: number) =>
    `<script>setTimeout(() => Client.connectToHost({ baseUrl: '${settings.baseUrl}' }).then((host) => host.session.begin()), ${delay})</script>`
  const widget = (script: string) => `<!doctype html><title>widget</title><script src="/client.js"></script>${script}`
  sites.serve('widgets.test', '/late-widget', { body: widget(start(20_000)) })
  sites.serve('widgets.test', '/silent-widget', { body: widget('') })
  sites.serve('widgets.test', '/moved-widget', {
    body: widget(`<script>location.replace('${sites.origin('other.test')}/open-widget')</script>`),
  })
  sites.serve('other.test', '/open-widget', { body: widget(`${start(0)}<img src="/slow.png" alt="">`) })
  sites.serve('widgets.test', '/growing-widget', {
    body: widget(
      `<body style="margin:0"><div id="content" style="height:100px"></div><script>Client.connectToHost({ baseUrl: '${settings.baseUrl}', autoResize: true })</script>`,
    ),
  })
  const host = '<!doctype html><title>page</title><script src="/client.js"></script>'
  sites.serve('shop.test', '/strict', {
    body: host,
    headers: { 'Content-Security-Policy': `frame-src 'none'; connect-src *` },
  })
  // browsers isolate only pages in a secure context
  sites.serve('localhost', '/isolated', {
    body: host,
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
  })
  sites.serve('shop.test', '/opaque', { body: host, headers: { 'Content-Security-Policy': 'sandbox allow-scripts' } })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
  await context.addInitScript(() => {
    window.loads = 0
    const count = ({ target }: Event) => {
      if (target instanceof HTMLIFrameElement) window.loads += 1
    }
    document.addEventListener('load', count, true)
  })
})
afterEach(() => context.close())

const stateOf = (page: Page) => page.evaluate(() => window.widget.state())

/** Advances time until a page learns of a failure. */
async function failureOf(page: Page): Promise<unknown> {
  await page.waitForFunction(() => window.frames.length === 1)
  await expect
    .poll(async () => {
      await context.clock.fastForward(13_000)
      return (await eventsOf(page)).length
    })
    .toBe(1)
  return (await eventsOf(page))[0]
}

/** Lets a minute pass after the frame has loaded. The page keeps to what it has learned, and asks no one. */
async function expectNoMore(page: Page): Promise<void> {
  const learned = await eventsOf(page)
  await page.waitForFunction(() => window.loads === 1)
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  await context.clock.fastForward(60_000)
  await page.evaluate(() => fetch('/client.js', { mode: 'no-cors' }))
  await expect.poll(() => requests).toEqual([expect.stringContaining('/client.js')])
  expect(await eventsOf(page)).toEqual(learned)
}

describe('a widget that does not respond', () => {
  test('silent: its page is there and has no widget', async () => {
    await context.clock.install()
    const page = await openPage(context, world.shop)
    await mountInto(page, world, { path: '/silent-widget' })
    expect(await stateOf(page)).toBe('starting')
    expect(await failureOf(page)).toMatchObject({ type: 'refused', reason: 'frame_silent' })
    await expectNoMore(page)
    expect(await stateOf(page)).toBe('silent')
  })

  test('offline: its page cannot be reached', async () => {
    await context.clock.install()
    const page = await openPage(context, world.shop)
    await page.route('**/open-widget*', (route) => route.abort('connectionrefused'))
    await mountInto(page, world, { path: '/open-widget' })
    expect(await failureOf(page)).toMatchObject({ type: 'refused', reason: 'frame_offline' })
    expect(await stateOf(page)).toBe('offline')
  })

  test("blocked: the page's own policy forbids the frame, which it learns at once", async () => {
    await context.clock.install()
    const page = await openPage(context, `${world.shop}/strict`)
    await mountInto(page, world)
    const message = expect.stringContaining(`Add ${world.widgets} to its frame-src directive.`)
    await expect.poll(() => eventsOf(page)).toEqual([{ type: 'refused', reason: 'frame_blocked', message }])
    await expectNoMore(page)
    expect(await stateOf(page)).toBe('blocked')
  })

  test("blocked: its page does not send the headers that the page's COEP demands", async () => {
    await context.clock.install()
    const page = await openPage(context, `${world.sites.origin('localhost')}/isolated`)
    await mountInto(page, world, { path: '/open-widget', credentialless: false })
    const message = expect.stringContaining('must send Cross-Origin-Embedder-Policy')
    expect(await failureOf(page)).toEqual({ type: 'refused', reason: 'frame_blocked', message })
    await expectNoMore(page)
  })

  test('refused: its page redirects to another origin, which the message names', async () => {
    await context.clock.install()
    const page = await openPage(context, world.shop)
    // the widget starts before its page has loaded
    let finishLoading = () => {}
    const isLoading = new Promise<void>((resolve) => {
      finishLoading = resolve
    })
    await page.route('**/slow.png', (route) => isLoading.then(() => route.abort()))
    await mountInto(page, world, { path: '/moved-widget' })
    const message = expect.stringContaining(world.sites.origin('other.test'))
    await expect.poll(() => eventsOf(page)).toEqual([{ type: 'refused', reason: 'frame_redirected', message }])
    finishLoading()
    await expectNoMore(page)
    expect(await stateOf(page)).toBe('refused')
  })

  test('refused: the page itself has no origin', async () => {
    await context.clock.install()
    const page = await openPage(context, `${world.shop}/opaque`)
    await mountInto(page, world, { path: '/open-widget' })
    await expect
      .poll(() => eventsOf(page))
      .toEqual([{ type: 'refused', reason: 'no_origin', message: expect.stringContaining('Serve it over HTTPS.') }])
    const widget = await frameOf(page)
    await expect.poll(() => widget.evaluate(() => window.failure?.reason)).toBe('no_origin')
    await expectNoMore(page)
  })
})

describe('a slow widget', () => {
  test('connects 20 seconds after its page has loaded, despite an earlier failure event', async () => {
    await context.clock.install()
    const page = await openPage(context, world.shop)
    await mountInto(page, world, { path: '/late-widget' })
    await (await frameOf(page)).waitForLoadState('load')
    await context.clock.fastForward(13_000)
    await expect.poll(() => eventsOf(page)).toMatchObject([{ type: 'refused', reason: 'frame_silent' }])
    await context.clock.fastForward(20_000)
    await expect
      .poll(async () => (await eventsOf(page)).map(({ type }) => type))
      .toEqual(['refused', 'connected', 'ready'])
    expect(await stateOf(page)).toBe('ready')
  })

  test('is shown in a cross-origin isolated page', async () => {
    const page = await openPage(context, `${world.sites.origin('localhost')}/isolated`)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await mountInto(page, world, { path: '/open-widget' })
    await tokenOf(page)
    expect(await stateOf(page)).toBe('ready')
  })

  test('keeps its iframe as high as its content', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world, { path: '/growing-widget' })
    const height = () => page.evaluate(() => window.widget.iframe.style.height)
    await expect.poll(height).toBe('100px')
    await (await frameOf(page)).evaluate(() => document.getElementById('content')?.style.setProperty('height', '250px'))
    await expect.poll(height).toBe('250px')
  })
})

describe('a container that moves', () => {
  test('loses no message: the reloaded widget gets those sent meanwhile, in order', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    await tokenOf(page)
    await page.evaluate(() => {
      const box = document.createElement('section')
      document.body.append(box)
      box.append(window.widget.iframe)
      for (let index = 0; index < 5; index += 1) window.widget.post(index)
    })
    await expect
      .poll(() => page.evaluate(() => window.messages))
      .toEqual([0, 1, 2, 3, 4].map((index) => ({ heard: index })))
    await expect.poll(() => stateOf(page)).toBe('ready')
  })

  test('works again after it was removed and put back', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    await tokenOf(page)
    await page.evaluate(async () => {
      window.widget.iframe.remove()
      await new Promise((resolve) => setTimeout(resolve, 50))
      window.widget.post('later')
      document.body.append(window.widget.iframe)
    })
    await expect.poll(() => page.evaluate(() => window.messages)).toEqual([{ heard: 'later' }])
  })

  test('leaves no listener behind if it is dropped, and no second iframe if a page cache copied it', async () => {
    const page = await openPage(context, world.shop)
    await page.evaluate(() => {
      window.count = { listeners: 0 }
      const { addEventListener, removeEventListener } = window
      window.addEventListener = ((...args: Parameters<typeof addEventListener>) => {
        if (args[0] === 'message') window.count.listeners += 1
        addEventListener.apply(window, args)
      }) as typeof addEventListener
      window.removeEventListener = ((...args: Parameters<typeof removeEventListener>) => {
        if (args[0] === 'message') window.count.listeners -= 1
        removeEventListener.apply(window, args)
      }) as typeof removeEventListener
    })
    await mountInto(page, world)
    await tokenOf(page)
    await page.evaluate(() => {
      // as Turbo does: the page's body is copied into the cache, and another one takes its place
      const cached = document.body.cloneNode(true)
      document.body.replaceWith(document.createElement('body'))
      document.body.replaceWith(cached)
    })
    await expect.poll(() => page.evaluate(() => window.count.listeners)).toBe(0)
    await mountInto(page, world)
    await tokenOf(page)
    expect(await page.locator('iframe').count()).toBe(1)
    expect(await page.evaluate(() => window.count.listeners)).toBe(1)
  })
})
