import type { EmbedEvent, MountedWidget } from '@hallpass/client/embed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientSites, startClientSites } from '../browser/support/client-world.js'
import { describeEngines } from './support/engines.js'
import type { RemotePage } from './support/remote-page.js'

declare global {
  interface Window {
    widgets: Record<string, MountedWidget>
    /** The events of each widget, as texts. */
    reported: Record<string, string[]>
    posted: unknown[]
  }
}

let world: ClientSites
beforeAll(async () => {
  world = await startClientSites({ domain: 'localhost' })
  const { sites, settings, shop } = world
  const widget = (script: string) => `<!doctype html><body style="margin:0"><script src="/client.js"></script>${script}`
  const connect = (options = '', baseUrl = settings.baseUrl) => `
    <script>
      Client.connectToHost({ baseUrl: '${baseUrl}'${options} }).then((host) => {
        host.onMessage((data) => host.post({ heard: data }))
        return host.session.begin()
      })
    </script>`
  const own = { 'Content-Security-Policy': `frame-ancestors ${shop}` }
  sites.serve('widgets.localhost', '/widget', { body: widget(connect()), headers: own })
  sites.serve('widgets.localhost', '/silent', { body: widget('') })
  // nothing listens there
  sites.serve('widgets.localhost', '/cut-off', { body: widget(connect('', 'http://pass.localhost:9')) })
  // the other tabs of the browser have sessions
  sites.serve('widgets.localhost', '/alone', { body: widget(connect(', share: false')) })
  sites.serve('widgets.localhost', '/choosy', { body: widget(connect(', isHostAllowed: () => false')) })
  sites.serve('widgets.localhost', '/growing', {
    body: widget(`<div id="content" style="height:100px"></div>${connect(', autoResize: true')}`),
  })
  sites.serve('widgets.localhost', '/moved', {
    body: widget(`<script>location.replace('${sites.origin('other.localhost')}/widget')</script>`),
  })
  sites.serve('other.localhost', '/widget', { body: widget(connect()) })
  const host = '<!doctype html><title>page</title><script src="/client.js"></script><body></body>'
  sites.serve('shop.localhost', '/strict', {
    body: host,
    headers: { 'Content-Security-Policy': `frame-src 'none'` },
  })
  sites.serve('shop.localhost', '/guarded', {
    body: host,
    headers: { 'Content-Security-Policy': `connect-src 'self'` },
  })
  sites.serve('shop.localhost', '/isolated', {
    body: host,
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
  })
  sites.serve('shop.localhost', '/opaque', {
    body: host,
    headers: { 'Content-Security-Policy': 'sandbox allow-scripts' },
  })
})
afterAll(() => world?.stop())

/** Mounts widgets in a page, each in a container of its own, and records their events. */
function mount(page: RemotePage, urls: Record<string, string>): Promise<void> {
  return page.evaluate(
    ({ settings, urls }) => {
      window.widgets = {}
      window.reported = {}
      window.posted = []
      const textOf = (event: EmbedEvent) => (event.type === 'refused' ? event.error.reason : event.type)
      for (const [name, widgetUrl] of Object.entries(urls)) {
        const reported: string[] = []
        window.reported[name] = reported
        window.widgets[name] = Client.mountWidget({
          ...settings,
          widgetUrl,
          container: document.body.appendChild(document.createElement('div')),
          onEvent: (event) => reported.push(textOf(event)),
          onMessage: (data) => window.posted.push(data),
        })
      }
    },
    { settings: world.settings, urls },
  )
}

const reported = (page: RemotePage) => page.evaluate(() => window.reported)
const states = (page: RemotePage) =>
  page.evaluate(() => Object.fromEntries(Object.entries(window.widgets).map(([name, { state }]) => [name, state()])))

describeEngines('a widget', (newPage) => {
  test('that does not respond has its reason', async () => {
    const page = await newPage(world.shop)
    await mount(page, {
      silent: `${world.widgets}/silent`,
      // nothing listens there
      offline: 'http://widgets.localhost:9/widget',
      redirected: `${world.widgets}/moved`,
      choosy: `${world.widgets}/choosy`,
      'cut off': `${world.widgets}/cut-off`,
      works: `${world.widgets}/widget`,
    })
    await expect
      .poll(() => reported(page))
      .toEqual({
        silent: ['frame_silent'],
        offline: ['frame_offline'],
        redirected: ['frame_redirected'],
        choosy: ['connected', 'host_not_allowed'],
        'cut off': ['connected', 'network'],
        works: ['connected', 'ready'],
      })
    expect(await states(page)).toEqual({
      silent: 'silent',
      offline: 'offline',
      redirected: 'refused',
      choosy: 'refused',
      'cut off': 'offline',
      works: 'ready',
    })
  })

  test('is blocked in a page that it does not allow, and in one whose own policy forbids it', async () => {
    const strict = await newPage(`${world.shop}/strict`)
    await mount(strict, { widget: `${world.widgets}/widget` })
    await expect.poll(() => reported(strict)).toEqual({ widget: ['frame_blocked'] })
    const attacker = await newPage(world.attacker)
    await mount(attacker, { widget: `${world.widgets}/widget` })
    await expect.poll(() => reported(attacker)).toEqual({ widget: ['frame_blocked'] })
    // more than 12 seconds later, the reason is the same
    expect(await reported(strict)).toEqual({ widget: ['frame_blocked'] })
  })

  test('cannot start in a page whose own policy forbids calls to the service', async () => {
    const page = await newPage(`${world.shop}/guarded`)
    await mount(page, { widget: `${world.widgets}/alone` })
    await expect.poll(() => reported(page)).toEqual({ widget: ['connected', 'network'] })
    expect(await states(page)).toEqual({ widget: 'offline' })
  })

  test('is refused in a page without an origin, and blocked in one that is cross-origin isolated', async () => {
    const opaque = await newPage(`${world.shop}/opaque`)
    await mount(opaque, { widget: `${world.widgets}/widget` })
    expect(await reported(opaque)).toEqual({ widget: ['no_origin'] })
    const isolated = await newPage(`${world.shop}/isolated`)
    await mount(isolated, { widget: `${world.widgets}/widget` })
    // neither engine has the attribute `credentialless`, with which Chromium shows it
    await expect.poll(() => reported(isolated)).toEqual({ widget: ['frame_blocked'] })
  })

  test('keeps its iframe as high as its content', async () => {
    const page = await newPage(world.shop)
    await mount(page, { growing: `${world.widgets}/growing` })
    const height = () => page.evaluate(() => window.widgets.growing?.iframe.style.height)
    await expect.poll(height).toBe('100px')
    await page.frame(0).evaluate(() => document.getElementById('content')?.style.setProperty('height', '250px'))
    await expect.poll(height).toBe('250px')
  })

  test('loses no message if its container moves', async () => {
    const page = await newPage(world.shop)
    await mount(page, { widget: `${world.widgets}/widget` })
    await expect.poll(() => reported(page)).toEqual({ widget: ['connected', 'ready'] })
    await page.evaluate(() => {
      const box = document.body.appendChild(document.createElement('section'))
      box.append(window.widgets.widget?.iframe as HTMLIFrameElement)
      for (let index = 0; index < 3; index += 1) window.widgets.widget?.post(index)
    })
    await expect.poll(() => page.evaluate(() => window.posted)).toEqual([0, 1, 2].map((heard) => ({ heard })))
  })
})
