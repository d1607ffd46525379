import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientSites, startClientSites } from '../browser/support/client-world.js'
import { serveWidgets } from '../browser/support/widget-sites.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { describeEngines } from './support/engines.js'
import type { RemoteBrowser } from './support/remote-page.js'

declare global {
  interface Window {
    lines: string[]
    ready: unknown
  }
}

let world: ClientSites
beforeAll(async () => {
  world = await startClientSites({ domain: 'localhost' })
  serveWidgets(world, 'widgets.localhost')
})
afterAll(() => world?.stop())

const record = `<script>
  window.lines = []
  for (const name of ['error', 'warn']) console[name] = (...parts) => window.lines.push(parts.join(' '))
  addEventListener('hallpass:ready', ({ detail }) => { window.ready = detail })
</script>`
const chat = '<div id="chat"></div>'

const attributes = () =>
  `src="${world.server.url}/embed.js" data-client-key="${acme.clientKey}" data-widget-url="${world.widgets}/widget"`

let pages = 0

function openWith(newPage: RemoteBrowser['newPage'], head: string, body: string) {
  pages += 1
  const html = `<!doctype html><html><head><title>page</title>${record}${head}</head><body>${body}</body></html>`
  world.sites.serve('shop.localhost', `/tag-${pages}`, { body: html })
  return newPage(`${world.shop}/tag-${pages}`)
}

describeEngines('a script tag', (newPage) => {
  test.each([
    ['in the head', (tag: string) => [`<script ${tag} data-container="#chat"></script>`, chat]],
    ['async', (tag: string) => [`<script async ${tag} data-container="#chat"></script>`, chat]],
    ['deferred', (tag: string) => [`<script defer ${tag} data-container="#chat"></script>`, chat]],
    ['a module', (tag: string) => [`<script type="module" ${tag} data-container="#chat"></script>`, chat]],
    ['before its container', (tag: string) => ['', `<script ${tag} data-container="#chat"></script>${chat}`]],
    ['without a container', (tag: string) => ['', `<script ${tag}></script>`]],
  ])('%s mounts its widget', async (_, parts) => {
    const [head = '', body = ''] = parts(attributes())
    const page = await openWith(newPage, head, body)
    const seen = () =>
      page.evaluate(() => [document.querySelectorAll('iframe').length, 'ready' in window, ...window.lines])
    await expect.poll(seen).toEqual([1, true])
    await page.close()
  })

  test('that cannot work writes one line to the console', async () => {
    const page = await openWith(newPage, '', `<script ${attributes()} data-container="#no"></script>`)
    await expect
      .poll(() => page.evaluate(() => window.lines))
      .toEqual([expect.stringContaining('No element matches data-container="#no"')])
  })

  test('is refused if the hash in the docs is for another script', async () => {
    const tag = `<script ${attributes()} integrity="sha384-${'A'.repeat(64)}" crossorigin="anonymous"></script>`
    const page = await openWith(newPage, '', tag)
    expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBe(0)
  })
})
