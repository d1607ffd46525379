import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createResourceServer as createExpressServer } from '@hallpass/examples/express-server/create-resource-server.js'
import { createResourceServer as createFastifyServer } from '@hallpass/examples/fastify-server/create-resource-server.js'
import { createBackend } from '@hallpass/examples/node-backend/create-backend.js'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { bundleExample } from './support/bundle-client.js'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'

let world: ClientWorld
let context: BrowserContext
const stops: (() => Promise<void>)[] = []
/** The user who is logged in to the shop. */
let user: { id: string; name: string } | undefined
beforeAll(async () => {
  world = await startClientWorld()
  await serveExamples(world)
})
afterAll(async () => {
  for (const stop of stops) await stop()
  await world?.stop()
})
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

describe('examples/html-embed, with examples/express-server', () => {
  test.each(['html', 'html-pinned'])('/%s loads the widget of examples/widget, and greets a guest', async (path) => {
    user = undefined
    const page = await openPage(context, `${world.shop}/${path}`)
    await expect.poll(() => wordsOf(page)).toContain('Hi!')
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
  })

  test('the widget of examples/widget throws an error if its messages cannot be loaded', async () => {
    const complaints: string[] = []
    context.on('weberror', (error) => complaints.push(error.error().message))
    await openPage(context, `${world.shop}/html-unread`)
    await expect.poll(() => complaints).toEqual(['The messages could not be loaded: HTTP 404.'])
  })

  test('a page that includes the script twice gets one widget', async () => {
    const page = await openPage(context, `${world.shop}/html-twice`)
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
    expect(await page.locator('iframe').count()).toBe(1)
  })
})

describe('examples/react-embed in StrictMode, with examples/node-backend and fastify-server', () => {
  test('applies the branding, begins a session, and greets the user that the backend identifies', async () => {
    user = { id: 'user_42', name: 'Ada' }
    const page = await openPage(context, `${world.shop}/react-user`)
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

  test('a logout drops the session of the widget', async () => {
    user = { id: 'user_42', name: 'Ada' }
    const page = await openPage(context, `${world.shop}/react-user`)
    await page.getByRole('button', { name: 'Chat' }).click()
    await expect.poll(() => wordsOf(page)).toContain('Hello Ada')
    expect(await page.getByRole('log').textContent()).toBe('ready')
    await page.getByRole('button', { name: 'Log out' }).click()
    await expect.poll(() => page.getByRole('log').textContent()).toBe('expired')
  })

  test('a visitor who is not logged in is a guest', async () => {
    user = undefined
    const page = await openPage(context, `${world.shop}/react`)
    await page.getByRole('button', { name: 'Chat' }).click()
    await expect.poll(() => wordsOf(page)).toContain('Hello guest')
  })

  test('503 and a log entry if the login cannot be read, and the backend keeps running', async () => {
    const log: unknown[] = []
    const onError = (error: unknown) => void log.push(error)
    const cause = new Error('The session store is unavailable.')
    const { baseUrl, clientKey } = world.settings
    const userOf = () => {
      throw cause
    }
    const backend = createBackend({ baseUrl, apiKey: acme.key, clientKey, userOf, onError }).listen(0, '127.0.0.1')
    await once(backend, 'listening')
    stops.push(async () => void backend.close())
    const { port } = backend.address() as AddressInfo
    for (let asked = 1; asked <= 2; asked++) {
      const answer = await fetch(`http://127.0.0.1:${port}/visitor-token`, { method: 'POST' })
      expect(answer.status).toBe(503)
      expect(log).toEqual(Array(asked).fill(cause))
    }
  })
})

const scriptFile = fileURLToPath(import.meta.resolve('@hallpass/client/embed.iife.js'))

/** The text of the widget in a page. */
async function wordsOf(page: Page): Promise<string> {
  const frame = page.frames().find((one) => one.url().startsWith(world.widgets))
  return frame ? frame.evaluate(() => document.body.textContent ?? '') : ''
}

/** Starts the two resource servers on free ports. */
async function startResourceServers(): Promise<{ express: string; fastify: string }> {
  const resources = { issuer: world.server.url, account: acme.account, widgetOrigin: world.widgets }
  const app = createFastifyServer(resources)
  const listener = createExpressServer(resources).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  stops.push(
    () => app.close(),
    async () => void listener.close(),
  )
  const { port } = listener.address() as AddressInfo
  return { express: `http://127.0.0.1:${port}`, fastify: await app.listen({ port: 0 }) }
}

/** Serves each example: the pages on the shop's site, the widget on its own site, and the backends. */
async function serveExamples({ sites, shop, widgets, settings }: ClientWorld): Promise<void> {
  const { baseUrl, clientKey } = settings
  const failed = (error: unknown) => {
    throw error
  }
  const backend = createBackend({ baseUrl, apiKey: acme.key, clientKey, userOf: () => user, onError: failed })
  sites.handle('shop.test', '/visitor-token', (request, response) => void backend.emit('request', request, response))
  const html = (await readFile(fileURLToPath(import.meta.resolve('@hallpass/examples/html-embed/index.html')), 'utf8'))
    .replace('https://pass.example.com', baseUrl)
    .replace('pk_live_…', clientKey)
    .replace('https://widgets.example.com/chat', `${widgets}/express`)
  const script = /<script[^>]*><\/script>/.exec(html)?.[0] ?? ''
  sites.serve('shop.test', '/html', { body: html })
  const integrity = createHash('sha384')
    .update(await readFile(scriptFile))
    .digest('base64')
  const pinned = `src="/embed.iife.js" data-base-url="${baseUrl}" integrity="sha384-${integrity}"`
  sites.serve('shop.test', '/html-pinned', { body: html.replace(`src="${baseUrl}/embed.js"`, pinned) })
  sites.serve('shop.test', '/html-unread', { body: html.replace('/express"', '/unread"') })
  sites.serve('shop.test', '/html-twice', { body: html.replace(script, script + script) })
  sites.serve(undefined, '/embed.iife.js', { type: 'text/javascript', body: await readFile(scriptFile, 'utf8') })
  const data = `data-base-url="${baseUrl}" data-client-key="${clientKey}" data-widget-url="${widgets}/fastify"`
  const reactPage = (more: string) =>
    `<!doctype html><div id="app" ${data} ${more}></div><script src="/react.js"></script>`
  sites.serve('shop.test', '/react', { body: reactPage('') })
  sites.serve('shop.test', '/react-user', { body: reactPage('data-user-id="user_42"') })
  sites.serve('shop.test', '/react.js', { type: 'text/javascript', body: await bundleExample('react-embed/main.tsx') })
  const { express, fastify } = await startResourceServers()
  const messages = { express: `${express}/messages`, fastify: `${fastify}/messages`, unread: `${express}/nowhere` }
  for (const [name, url] of Object.entries(messages)) {
    const run = `Example.runWidget('${baseUrl}', '${url}')`
    sites.serve('widgets.test', `/${name}`, {
      body: `<!doctype html><body><script src="/widget.js"></script><script>${run}</script>`,
      headers: { 'Content-Security-Policy': `frame-ancestors ${shop}` },
    })
  }
  sites.serve('widgets.test', '/widget.js', {
    type: 'text/javascript',
    body: await bundleExample('widget/run-widget.ts'),
  })
}
