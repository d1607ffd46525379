import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { MountedWidget } from '@hallpass/client/embed'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { type ClientWorld, startClientWorld } from './support/client-world.js'
import { serveWidgets } from './support/widget-sites.js'

declare global {
  interface Window {
    Hallpass: { readonly widgets: readonly MountedWidget[] }
    heard: unknown[]
  }
}

let world: ClientWorld
let context: BrowserContext
let lines: string[] = []
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
  const script = await readFile(fileURLToPath(import.meta.resolve('@hallpass/client/embed.iife.js')), 'utf8')
  world.sites.serve(undefined, '/copy.js', { type: 'text/javascript', body: script })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
  lines = []
})
afterEach(() => context.close())

const listen = `<script>addEventListener('hallpass:ready', ({ detail }) => { window.ready = detail })</script>`
const chat = '<div id="chat"></div>'

/** The service serves the script, so a tag needs no `data-base-url`. */
const attributes = () =>
  `src="${world.server.url}/embed.js" data-client-key="${acme.clientKey}" data-widget-url="${world.widgets}/widget"`

async function openWith(head: string, body: string): Promise<Page> {
  const html = `<!doctype html><html><head><title>page</title>${listen}${head}</head><body>${body}</body></html>`
  world.sites.serve('shop.test', '/tag', { body: html })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.text().startsWith('Hallpass:')) lines.push(message.text())
  })
  await page.goto(`${world.shop}/tag`)
  return page
}

const becomesReady = (page: Page) =>
  page.waitForFunction(() => document.querySelectorAll('iframe').length === 1 && Reflect.has(window, 'ready'))

describe('a script tag', () => {
  test.each([
    ['in the head', (tag: string) => [`<script ${tag} data-container="#chat"></script>`, chat]],
    ['in the head without a container', (tag: string) => [`<script ${tag}></script>`, '']],
    ['async', (tag: string) => [`<script async ${tag} data-container="#chat"></script>`, chat]],
    ['deferred', (tag: string) => [`<script defer ${tag} data-container="#chat"></script>`, chat]],
    ['a module', (tag: string) => [`<script type="module" ${tag} data-container="#chat"></script>`, chat]],
    ['before its container', (tag: string) => ['', `<script ${tag} data-container="#chat"></script>${chat}`]],
    ['after its container', (tag: string) => ['', `${chat}<script ${tag} data-container="#chat"></script>`]],
    ['without a container', (tag: string) => ['', `<script ${tag}></script>`]],
  ])('%s mounts its widget', async (_, parts) => {
    const [head = '', body = ''] = parts(attributes())
    const page = await openWith(head, body)
    await becomesReady(page)
    expect(lines).toEqual([])
  })

  test('that a tag manager inserts without its attributes reads window.HallpassSettings', async () => {
    const page = await openWith('', chat)
    await page.evaluate(
      ({ src, clientKey, widgetUrl }) => {
        Reflect.set(window, 'HallpassSettings', { clientKey, widgetUrl, container: '#chat' })
        document.head.append(Object.assign(document.createElement('script'), { src, async: true }))
      },
      { src: `${world.server.url}/embed.js`, clientKey: acme.clientKey, widgetUrl: `${world.widgets}/widget` },
    )
    await becomesReady(page)
  })

  test('sets attributes of the iframe, and gives the page a handle', async () => {
    const more = 'data-container="#chat" data-title="Chat" data-iframe-loading="eager" data-iframe-class="box"'
    const page = await openWith('', `${chat}<script ${attributes()} ${more}></script>`)
    await becomesReady(page)
    const shown = await page.evaluate(() => {
      const [{ iframe, state }] = window.Hallpass.widgets as [MountedWidget]
      return [iframe.title, iframe.loading, iframe.className, iframe.parentElement?.id, state()]
    })
    expect(shown).toEqual(['Chat', 'eager', 'box', 'chat', 'ready'])
    await page.evaluate(() => window.Hallpass.widgets[0]?.forget())
    await expect.poll(() => page.evaluate(() => window.Hallpass.widgets[0]?.state())).not.toBe('ready')
  })
})

describe('a script tag that cannot work writes one line to the console', () => {
  const copy = () => `src="/copy.js" data-base-url="${world.server.url}"`
  test.each<[string, () => string, RegExp]>([
    ['a missing client key', () => `${copy()} data-widget-url="/widget"`, /needs data-client-key="pk_…"/],
    ['a missing widget', () => `${copy()} data-client-key="pk_test_acme"`, /needs data-widget-url/],
    [
      'a copy without the service',
      () => 'src="/copy.js" data-client-key="pk_test_acme" data-widget-url="/widget"',
      /needs data-base-url/,
    ],
    [
      'an invalid widget URL',
      () => `${copy()} data-client-key="pk_test_acme" data-widget-url="chat:"`,
      /must be a URL/,
    ],
    ['an unknown container', () => `${attributes()} data-container="#no"`, /No element matches data-container="#no"/],
    ['an invalid container', () => `${attributes()} data-container="##"`, /Use a CSS selector such as #chat/],
    [
      'a secret key',
      () => `${copy()} data-client-key="sk_test_acme" data-widget-url="/widget"`,
      /is a secret key\. Use a client key/,
    ],
    ['an unknown client key', () => attributes().replace(acme.clientKey, 'pk_test_unknown'), /Origin not in allowlist/],
  ])('%s', async (_, tag, line) => {
    const sent: string[] = []
    context.on('request', (request) => sent.push(request.postData() ?? request.url()))
    await openWith('', `<script ${tag()}></script>`)
    await expect.poll(() => lines).toEqual([expect.stringMatching(line)])
    expect(sent.filter((text) => text.includes('sk_test'))).toEqual([])
  })
})

test('a second copy of the script shares the list of widgets', async () => {
  const page = await openWith('', `<script ${attributes()}></script><script src="/copy.js"></script>`)
  await becomesReady(page)
  expect(await page.evaluate(() => window.Hallpass.widgets.length)).toBe(1)
})
