import { type BridgeHost, startBridgeHost } from '@hallpass/demo/src/testing/start-bridge-host.js'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevServer, startDev } from '../system/support/servers/dev-server.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { openBridge } from './support/bridge-page.js'
import { findBarriers } from './support/find-barriers.js'
import { launchBrowser, leaveBrowser } from './support/launch-browser.js'
import { type Sites, serveSites } from './support/serve-pages.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let dev: DevServer
let host: BridgeHost
let sites: Sites
let browser: Browser
let context: BrowserContext
beforeAll(async () => {
  folder = await temporaryFolder()
  ;[dev, host, sites, browser] = await Promise.all([
    startDev(folder.path),
    startBridgeHost(),
    serveSites(),
    launchBrowser(),
  ])
  context = await browser.newContext()
})
afterAll(async () => {
  await leaveBrowser(browser)
  await Promise.all([dev?.stop(), host?.stop(), sites?.stop()])
  await folder?.remove()
})

/** The script tag as it was printed. */
const tag = () => /<script[\s\S]*<\/script>/.exec(dev.text)?.[0] ?? ''

async function openPage(site: string) {
  const html = `<!doctype html><title>shop</title><script>addEventListener('hallpass:ready', ({ detail }) => { window.ready = detail })</script>${tag()}`
  sites.serve(site, '/', { body: html })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  await page.goto(sites.origin(site))
  return { page, complaints, widget: page.frameLocator('iframe') }
}

describe('the script tag that hallpass dev prints', () => {
  test.each(['localhost', '127.0.0.1'])('starts a chat on a page of %s', async (site) => {
    const { page, widget, complaints } = await openPage(site)
    await page.waitForFunction(() => Reflect.has(window, 'ready'))
    await widget.getByRole('textbox', { name: 'Message' }).fill('hello')
    await widget.getByRole('button', { name: 'Send' }).click()
    await widget.getByText('You said: hello').waitFor()
    expect(await widget.getByText(/^You are a guest: /).count()).toBe(1)
    expect(complaints).toEqual([])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findBarriers(page.frame({ url: `${dev.widgetsUrl}/**` }))).toEqual([])
    }
    await page.close()
  })

  test('starts nothing on a page of another host, and says why', async () => {
    const { page, complaints } = await openPage('shop.test')
    await expect.poll(() => complaints.join('\n')).toMatch(/^Hallpass: |frame-ancestors|Origin/m)
    expect(await page.evaluate(() => Reflect.has(window, 'ready'))).toBe(false)
    await page.close()
  })
})

describe.each(['straddleio', 'straddlecom'] as const)('the bridge widget, opened by the client of %s', (client) => {
  const tokenFor = async (config: object) => {
    const response = await fetch(`${dev.url}/v1/bridge/initialize`, {
      method: 'POST',
      headers: { Authorization: 'Bearer My API Key', 'Content-Type': 'application/json' },
      body: JSON.stringify({ customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', config }),
    })
    return (await response.json()).data.bridge_token
  }
  const open = async (config: object = {}) =>
    openBridge(context, { host, demo: dev }, { client, token: await tokenFor(config) })

  test('connects a bank: onSuccess with the documented paykey, then the rest of the protocol', async () => {
    const bridge = await open({ sandbox_outcome: 'review' })
    await bridge.press('Harbor Federal')
    expect(await bridge.hears('onSuccess')).toMatchObject({
      response_type: 'object',
      data: {
        customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
        institution_name: 'Harbor Federal',
        status: 'review',
        bank_data: { routing_number: '990000013', account_number: '****4821', account_type: 'checking' },
      },
    })
    await bridge.press('Continue')
    await bridge.hears('onSuccessCTAClicked')
    expect(bridge.complaints).toEqual([])
    await bridge.page.close()
  })

  test('manual entry refuses an account that cannot exist, and a rejected one can be retried', async () => {
    const bridge = await open({ sandbox_outcome: 'rejected' })
    await bridge.press('Enter account details manually')
    await bridge.hears('onManualEntry')
    await bridge.widget.getByLabel('Routing number').fill('123456789')
    await bridge.widget.getByLabel('Account number').fill('000123456789')
    await bridge.press('Connect')
    await bridge.widget.getByRole('alert').filter({ hasText: 'invalid' }).waitFor()
    await bridge.press('Try again')
    await bridge.press('Juniper Trust')
    await bridge.press('Try another account')
    await bridge.hears('onRetry')
    expect((await bridge.heard()).map(([name]) => name)).not.toContain('onSuccess')
    await bridge.page.close()
  })

  test('an invalid token is an error, and no bank is shown', async () => {
    const bridge = await openBridge(context, { host, demo: dev }, { client, token: 'nothing' })
    await bridge.widget.getByRole('heading', { name: 'This widget can’t be opened' }).waitFor()
    expect(await bridge.widget.getByRole('button', { name: 'Harbor Federal' }).count()).toBe(0)
    await bridge.press('Close')
    await bridge.hears('onClose')
    await bridge.page.close()
  })
})
