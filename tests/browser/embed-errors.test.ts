import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'
import { eventsOf, mountInto, serveWidgets, tokenOf } from './support/widget-sites.js'

let world: ClientWorld
let context: BrowserContext
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
  const { sites, settings } = world
  const widget = (options: string) =>
    `<!doctype html><script src="/client.js"></script><script>Client.connectToHost({ baseUrl: '${settings.baseUrl}', ${options} })</script>`
  sites.serve('widgets.test', '/choosy-widget', { body: widget('isHostAllowed: () => false') })
  sites.serve('widgets.test', '/sandboxed-widget', {
    body: widget(''),
    headers: { 'Content-Security-Policy': 'sandbox allow-scripts' },
  })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

test('an upgrade rejects if the widget is unmounted before it connects', async () => {
  const page = await openPage(context, world.shop)
  await mountInto(page, world)
  const reason = await page.evaluate(() => {
    const upgraded = window.widget.upgrade('token').catch(({ reason }) => reason)
    window.widget.unmount()
    return upgraded
  })
  expect(reason).toBe('aborted')
  expect(await page.evaluate(() => window.widget.upgrade('token').catch(({ reason }) => reason))).toBe('aborted')
})

test.each([
  ['what querySelector did not find', 'null'],
  ['a selector', '"#chat"'],
])('mountWidget explains that the container is %s, and mounts nothing', async (_, container) => {
  const page = await openPage(context, world.shop)
  const error = await page.evaluate(
    ([settings, widgetUrl, json]) => {
      try {
        return Client.mountWidget({ ...settings, widgetUrl, container: JSON.parse(json) })
      } catch (thrown) {
        const { name, reason, message } = thrown as InstanceType<typeof Client.WidgetSessionError>
        return { name, reason, message }
      }
    },
    [world.settings, `${world.widgets}/widget`, container] as const,
  )
  expect(error).toEqual({
    name: 'WidgetSessionError',
    reason: 'missing_field',
    message: 'The container is not an element. If it is null, call mountWidget once the page contains it.',
  })
  expect(await page.locator('iframe').count()).toBe(0)
})

test("an error in a page's listener is reported to the page, and the widget keeps working", async () => {
  const page = await openPage(context, world.shop)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.evaluate(
    ({ settings, widgetUrl }) => {
      window.events = []
      window.widget = Client.mountWidget({
        ...settings,
        widgetUrl,
        container: document.body,
        onEvent({ type }) {
          window.events.push({ type })
          throw new Error(`no ${type}`)
        },
        onMessage(data) {
          throw new Error(`no ${JSON.stringify(data)}`)
        },
      })
      window.widget.post({ greeting: 'hi' })
    },
    { settings: world.settings, widgetUrl: `${world.widgets}/widget` },
  )
  await expect.poll(() => errors.sort()).toEqual(['no connected', 'no ready', 'no {"heard":{"greeting":"hi"}}'])
  await tokenOf(page)
  const name = await page.evaluate(() => {
    try {
      return window.widget.post(() => {})
    } catch (error) {
      return (error as Error).name
    }
  })
  expect(name).toBe('DataCloneError')
})

test.each([
  ['does not allow the page', '/choosy-widget', ['connected', 'host_not_allowed'], 'does not allow pages of'],
  ['has no origin', '/sandboxed-widget', ['no_origin'], 'Remove the sandbox directive'],
])('a widget that %s says so to the page at once', async (_, path, reasons, message) => {
  const page = await openPage(context, world.shop)
  await mountInto(page, world, { path })
  await expect.poll(async () => (await eventsOf(page)).map(({ type, reason = type }) => reason)).toEqual(reasons)
  expect((await eventsOf(page)).at(-1)?.message).toContain(message)
  expect(await page.evaluate(() => window.widget.state())).toBe('refused')
})
