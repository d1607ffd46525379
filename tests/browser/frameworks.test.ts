import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import { compile } from 'svelte/compiler'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readText } from '../rules/support/repository.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'
import { frameOf, serveWidgets } from './support/widget-sites.js'

declare global {
  interface Window {
    /** How often a widget became ready, since the page was loaded without Turbo. */
    readyCount: number
    violations: string[]
    svelte: { readonly show: () => void; readonly hide: () => void }
  }
}

let world: ClientWorld
let context: BrowserContext
const page = readText('docs/frameworks.md')
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

const tag = () =>
  `<script src="${world.server.url}/embed.js" data-client-key="${acme.clientKey}" data-widget-url="${world.widgets}/widget"></script>`
const iframes = (shown: Page) => shown.locator('iframe').count()

test('Turbo: a script tag in the body shows one widget on each page, and on Back', async () => {
  const turbo = fileURLToPath(import.meta.resolve('@hotwired/turbo/dist/turbo.es2017-umd.js'))
  world.sites.serve('shop.test', '/turbo.js', { type: 'text/javascript', body: await readFile(turbo, 'utf8') })
  const count = `window.readyCount = 0; addEventListener('hallpass:ready', () => { window.readyCount += 1 })`
  for (const [path, other] of [
    ['/one', '/two'],
    ['/two', '/one'],
  ] as const) {
    const head = `<title>${path}</title><script src="/turbo.js"></script><script>${count}</script>`
    const body = `<!doctype html><head>${head}</head><body><a href="${other}">go</a>${tag()}</body>`
    world.sites.serve('shop.test', path, { body })
  }
  const shown = await openPage(context, `${world.shop}/one`)
  const becomesReady = async (times: number) => {
    await expect.poll(() => shown.evaluate(() => window.readyCount)).toBe(times)
    expect(await iframes(shown)).toBe(1)
  }
  await becomesReady(1)
  await shown.click('a')
  await shown.waitForURL('**/two')
  await becomesReady(2)
  await shown.goBack()
  await shown.waitForURL('**/one')
  await becomesReady(3)
})

test('Svelte: the attachment in the docs mounts a widget, and unmounts it', async () => {
  const [, code = ''] = /```ts\n(import \{ mountWidget \}.*?)\n```/s.exec(page) ?? []
  const [markup = ''] = /<div \{@attach mountChat\}><\/div>/.exec(page) ?? []
  const mountChat = code
    .replace('https://pass.example.com', world.server.url)
    .replace('https://widgets.example.com/chat', `${world.widgets}/widget`)
    .replace('pk_live_…', acme.clientKey)
  const source = `<script>import { mountChat } from './mount-chat.ts'</script>${markup}`
  const component = compile(source, { generate: 'client', filename: 'chat.svelte' }).js.code
  const main = `
    import { mount, unmount } from 'svelte'
    import Chat from './chat.svelte'
    let shown
    window.svelte = { show: () => (shown = mount(Chat, { target: document.body })), hide: () => unmount(shown) }`
  const body = await bundle({ './main.ts': main, './chat.svelte': component, './mount-chat.ts': mountChat })
  world.sites.serve('shop.test', '/svelte.js', { type: 'text/javascript', body })
  world.sites.serve('shop.test', '/svelte', { body: '<!doctype html><body><script src="/svelte.js"></script></body>' })
  const shown = await openPage(context, `${world.shop}/svelte`)
  await shown.evaluate(() => void window.svelte.show())
  const widget = await frameOf(shown)
  await widget.waitForFunction(() => window.host)
  await shown.evaluate(() => void window.svelte.hide())
  await expect.poll(() => iframes(shown)).toBe(0)
})

describe('Content Security Policy', () => {
  /** The policy of a page in the docs, and nothing else. */
  function policyOf(kind: 'your page' | "the widget's page"): string {
    const values: Record<string, string> = {
      "the widget's origin": world.widgets,
      'the origin of Hallpass, for embed tickets': world.server.url,
      'the origin of Hallpass, if you use the script tag': world.server.url,
      'the origin of Hallpass, and of your API': world.server.url,
    }
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
    const own = rows.filter(([, name]) => name === kind)
    const directives = own.map(([, , directive = '', value = '']) => {
      const origin = value.startsWith('the allowlist') ? world.shop : values[value]
      if (!origin) throw new Error(`The test doesn't know the value "${value}".`)
      return `${directive.replaceAll('`', '')} ${origin}`
    })
    return ["default-src 'none'", ...directives].join('; ')
  }

  test('the policies in the docs allow everything that a widget and its page do', async () => {
    const watch = `window.violations = []; document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI))`
    const own = await bundle({
      './main.ts': `${watch}
        import { connectToHost } from '@hallpass/client/embed'
        connectToHost({ baseUrl: '${world.server.url}' }).then(async (host) => { await host.session.begin(); window.host = host })`,
    })
    world.sites.serve('widgets.test', '/own.js', { type: 'text/javascript', body: own })
    world.sites.serve('widgets.test', '/strict-widget', {
      body: '<!doctype html><title>widget</title><script src="/own.js"></script>',
      headers: { 'Content-Security-Policy': `${policyOf("the widget's page")}; script-src 'self'` },
    })
    const body = `<!doctype html><title>page</title><body>${tag().replace('/widget"', '/strict-widget"')}</body>`
    world.sites.serve('shop.test', '/policy', { body, headers: { 'Content-Security-Policy': policyOf('your page') } })
    await context.addInitScript(watch)
    const shown = await openPage(context, `${world.shop}/policy`)
    const widget = await frameOf(shown)
    await widget.waitForFunction(() => window.host)
    expect(await shown.evaluate(() => window.violations)).toEqual([])
    expect(await widget.evaluate(() => window.violations)).toEqual([])
  })
})

/** Bundles modules that aren't on the disk, of which the first one is the entry. */
async function bundle(modules: Readonly<Record<string, string>>): Promise<string> {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url))
  const { outputFiles } = await build({
    stdin: { contents: Object.values(modules)[0] ?? '', resolveDir, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['@hallpass/source'],
    plugins: [
      {
        name: 'modules',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\/[\w.-]+$/ }, ({ path }) =>
            modules[path] === undefined ? undefined : { path, namespace: 'modules' },
          )
          onLoad({ filter: /.*/, namespace: 'modules' }, ({ path }) => ({
            contents: modules[path] ?? '',
            loader: 'ts',
            resolveDir,
          }))
        },
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}
