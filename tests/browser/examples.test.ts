import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createBackend } from '@hallpass/examples/node-backend/create-backend.js'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixture.js'
import { introspect } from '../system/support/mint.js'
import { bundleExample } from './support/bundle-client.js'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'

let world: ClientWorld
let context: BrowserContext
/** Who is logged in at the shop. */
let user: { id: string; name: string } | undefined
beforeAll(async () => {
  world = await startClientWorld()
  await serveExamples(world)
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

describe('examples/html-embed', () => {
  test('the script tag is small: at most 12 kB gzipped', async () => {
    expect(gzipSync(await readFile(scriptFile)).length).toBeLessThan(12 * 1024)
  })

  test('shows the widget of examples/widget, which greets a guest', async () => {
    user = undefined
    const page = await openPage(context, `${world.shop}/html`)
    await expect.poll(() => wordsOf(page)).toContain('Hi!')
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
  })

  test('with its script twice, the widget is there once', async () => {
    const page = await openPage(context, `${world.shop}/html-twice`)
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
    expect(await page.locator('iframe').count()).toBe(1)
  })
})

describe('examples/react-embed with examples/node-backend, under StrictMode', () => {
  test('dresses itself by the config, begins a session, and greets the user whom the backend vouches for', async () => {
    user = { id: 'user_42', name: 'Ada' }
    const page = await openPage(context, `${world.shop}/react`)
    await page.getByRole('button', { name: 'Begin' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^You are visitor [0-9a-f-]{36}$/ })
      .waitFor()
    const launcher = page.getByRole('button', { name: 'Chat' })
    await expect.poll(() => launcher.evaluate(({ style }) => style.background)).toBe('rgb(37, 99, 235)')
    await launcher.click()
    await expect.poll(() => wordsOf(page)).toContain('Hello Ada')
    expect(await page.locator('iframe').count()).toBe(1)
    await launcher.click()
    await expect.poll(() => page.locator('iframe').count()).toBe(0)
  })

  test('a widget whose visitor is nobody is a guest', async () => {
    user = undefined
    const page = await openPage(context, `${world.shop}/react`)
    await page.getByRole('button', { name: 'Chat' }).click()
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
  })
})

const scriptFile = fileURLToPath(import.meta.resolve('@hallpass/client/embed.iife.js'))

/** What the widget in a page shows. */
async function wordsOf(page: Page): Promise<string> {
  const frame = page.frames().find((one) => one.url().startsWith(world.widgets))
  return frame ? frame.evaluate(() => document.body.textContent ?? '') : ''
}

/** Puts each example where it belongs: pages at the shop, the widget at its own site, and servers behind them. */
async function serveExamples({ sites, shop, widgets, server, settings }: ClientWorld): Promise<void> {
  const { baseUrl, clientKey } = settings
  const backend = createBackend({ baseUrl, apiKey: acme.key, clientKey, userOf: () => user })
  sites.handle('shop.test', '/visitor-token', (request, response) => void backend.emit('request', request, response))
  const html = (await readFile(fileURLToPath(import.meta.resolve('@hallpass/examples/html-embed/index.html')), 'utf8'))
    .replace('https://cdn.example.com', '')
    .replace('https://pass.example.com', baseUrl)
    .replace('pk_live_…', clientKey)
    .replace('https://widgets.example.com/chat', `${widgets}/chat`)
  const script = /<script[^>]*><\/script>/.exec(html)?.[0] ?? ''
  sites.serve('shop.test', '/html', { body: html })
  sites.serve('shop.test', '/html-twice', { body: html.replace(script, script + script) })
  sites.serve(undefined, '/embed.iife.js', { type: 'text/javascript', body: await readFile(scriptFile, 'utf8') })
  const data = `data-base-url="${baseUrl}" data-client-key="${clientKey}" data-widget-url="${widgets}/chat"`
  sites.serve('shop.test', '/react', {
    body: `<!doctype html><div id="app" ${data}></div><script src="/react.js"></script>`,
  })
  sites.serve('shop.test', '/react.js', { type: 'text/javascript', body: await bundleExample('react-embed/main.tsx') })
  const run = `Example.runWidget('${baseUrl}', '${widgets}/messages')`
  sites.serve('widgets.test', '/chat', {
    body: `<!doctype html><body><script src="/widget.js"></script><script>${run}</script>`,
    headers: { 'Content-Security-Policy': `frame-ancestors ${shop}` },
  })
  sites.handle('widgets.test', '/messages', async (request, response) => {
    const claims = await introspect(server, request.headers.authorization?.replace('Bearer ', '') ?? '')
    const { display_name = 'guest' } = (claims.user ?? {}) as { display_name?: string }
    response.end(JSON.stringify({ messages: [`Hello ${display_name}`] }))
  })
  sites.serve('widgets.test', '/widget.js', {
    type: 'text/javascript',
    body: await bundleExample('widget/run-widget.ts'),
  })
}
