import { type BridgeHost, startBridgeHost } from '@hallpass/demo/src/testing/start-bridge-host.js'
import { post, startDemo, type TestDemo } from '@hallpass/demo/src/testing/start-demo.js'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type BridgePage, bridgeToken, type Opening, openBridge } from './support/bridge-page.js'
import { findBarriers } from './support/find-barriers.js'
import { launchBrowser, leaveBrowser } from './support/launch-browser.js'

let browser: Browser
let context: BrowserContext
let host: BridgeHost
let demo: TestDemo
beforeAll(async () => {
  host = await startBridgeHost()
  demo = await startDemo({ ...inject('demoPages'), moreParents: [host.url] })
  browser = await launchBrowser()
  // shared by all tests: the pages store nothing
  context = await browser.newContext()
})
afterAll(async () => {
  await leaveBrowser(browser)
  await demo?.stop()
  await host?.stop()
})

const open = (opening: Opening) => openBridge(context, { host, demo }, opening)
const openFor = async (client: Opening['client'], body: object) =>
  open({ client, token: await bridgeToken(demo, body) })

async function connect({ press }: BridgePage) {
  await press('Harbor Federal')
  await press('Allow and connect')
}

const clients = [
  ['@straddleio/bridge-react 0.1.15', 'straddleio'],
  ['@straddlecom/bridge-react 1.0.1 over @straddlecom/bridge-core 1.0.0', 'straddlecom'],
] as const

describe.each(clients)('the bridge widget opened by %s', (_, client) => {
  test('active: onSuccess with the documented paykey, then onSuccessCTAClicked', async () => {
    const bridge = await openFor(client, { sandbox_outcome: 'active', external_id: 'order-7' })
    await connect(bridge)
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    expect(await bridge.hears('onSuccess')).toEqual({
      meta: { api_request_id: id, api_request_timestamp: time },
      response_type: 'object',
      data: {
        id,
        paykey: expect.stringMatching(/^[0-9a-f]{8}\.02\.[0-9a-f]{64}$/),
        customer_id: demo.shop.customer.id,
        label: 'Harbor Federal · checking ····4821',
        institution_name: 'Harbor Federal',
        source: 'straddle',
        status: 'active',
        created_at: time,
        updated_at: time,
        bank_data: { routing_number: '990000013', account_number: '****4821', account_type: 'checking' },
      },
    })
    expect(await bridge.heard()).toHaveLength(1)
    await bridge.press('Continue')
    await bridge.hears('onSuccessCTAClicked')
    expect(bridge.complaints).toEqual([])
    await bridge.page.close()
  })

  test('review: onSuccess with status review', async () => {
    const bridge = await openFor(client, { sandbox_outcome: 'review' })
    await connect(bridge)
    expect(await bridge.hears('onSuccess')).toMatchObject({ data: { status: 'review' } })
    await bridge.page.close()
  })

  test('rejected: no onSuccess, but a way to try again: onRetry', async () => {
    const bridge = await openFor(client, { sandbox_outcome: 'rejected' })
    await connect(bridge)
    await bridge.press('Try another account')
    await bridge.hears('onRetry')
    await bridge.widget.getByRole('heading', { name: 'Choose your bank' }).waitFor()
    expect(await bridge.heard()).toEqual([['onRetry']])
    await bridge.page.close()
  })

  test('manual entry: onManualEntry, then onSuccess with the entered account', async () => {
    const bridge = await openFor(client, { sandbox_outcome: 'active' })
    await bridge.press('Enter account details manually')
    await bridge.hears('onManualEntry')
    await bridge.widget.getByLabel('Routing number').fill('123456789')
    await bridge.widget.getByLabel('Account number').fill('000123456789')
    await bridge.press('Connect')
    await bridge.widget.getByRole('alert').filter({ hasText: 'routing number' }).waitFor()
    await bridge.widget.getByLabel('Routing number').fill('990000055')
    await bridge.press('Connect')
    const bank_data = { routing_number: '990000055', account_number: '****6789', account_type: 'checking' }
    expect(await bridge.hears('onSuccess')).toMatchObject({ data: { source: 'bank_account', bank_data } })
    await bridge.page.close()
  })

  test('manual entry is not offered if the page does not allow it', async () => {
    const bridge = await open({ client, token: await bridgeToken(demo), manual: false })
    await bridge.widget.getByRole('button', { name: 'Harbor Federal' }).waitFor()
    expect(await bridge.widget.getByRole('button', { name: /manually/ }).count()).toBe(0)
    await bridge.page.close()
  })

  test('the close button: onClose, and the client removes the frame', async () => {
    const bridge = await openFor(client, {})
    await bridge.press('Close')
    await bridge.hears('onClose')
    await bridge.page.locator('#Straddle-widget-iframe').waitFor({ state: 'detached' })
    await bridge.page.close()
  })
})

describe('a token', () => {
  test.each<[string, () => Promise<string>]>([
    ['that is invalid', async () => 'nothing'],
    ['that was tampered with', async () => tamper(await bridgeToken(demo))],
    ['that was revoked', async () => revoked(await bridgeToken(demo))],
    ['of another account', () => otherAccountsToken()],
    ['of another kind', async () => (await post(`${demo.demoUrl}/api/user-token`)).body.answer.token],
  ])('%s: an error, and no banks', async (_what, tokenOf) => {
    const bridge = await open({ client: 'straddlecom', token: await tokenOf() })
    const error = { error_code: 'invalid_token', message: expect.any(String), origin: demo.widgetsUrl }
    expect(await bridge.hears('onLoadError')).toEqual(error)
    await bridge.widget.getByRole('heading', { name: 'This widget can’t be opened' }).waitFor()
    expect(await bridge.widget.getByRole('button', { name: 'Harbor Federal' }).count()).toBe(0)
    expect(await bridge.heard()).toHaveLength(1)
    await bridge.page.close()
  })
})

test('standard, closed with Escape instead of the close button', async () => {
  const bridge = await openFor('straddlecom', {})
  await connect(bridge)
  expect(await bridge.hears('onSuccess')).toMatchObject({ data: { status: 'active' } })
  await bridge.widget.getByRole('button', { name: 'Continue' }).focus()
  await bridge.page.keyboard.press('Escape')
  await bridge.hears('onClose')
  await bridge.page.close()
})

describe('a page that is not allowed to embed the widget', () => {
  test('gets no widget, whether it names itself or an allowed page', async () => {
    const attacker = await startBridgeHost()
    const page = await context.newPage()
    const query = (parent: string) =>
      `/?parentOriginURL=${encodeURIComponent(new URL(parent).host)}&parentOriginProtocol=http`
    for (const url of [query(attacker.url), query(host.url)]) {
      await page.goto(attacker.url)
      const heard = await page.evaluate(
        (src) =>
          new Promise<number>((resolve) => {
            let messages = 0
            addEventListener('message', () => messages++)
            const frame = document.createElement('iframe')
            frame.addEventListener('load', () => setTimeout(() => resolve(messages), 300))
            frame.src = src
            document.body.append(frame)
          }),
        demo.widgetsUrl + url,
      )
      expect(heard).toBe(0)
      const [, frame] = page.frames()
      expect(await frame?.locator('button').count()).toBe(0)
    }
    await page.close()
    await attacker.stop()
  })

  test('cannot initialize it from a sibling frame with its own token', async () => {
    const token = await bridgeToken(demo)
    const attacker = await startBridgeHost()
    // the host passes an invalid token; the sibling frame has a valid one
    const bridge = await open({ client: 'straddlecom', token: 'nothing' })
    await bridge.hears('onLoadError')
    await bridge.page.evaluate((src) => {
      const frame = document.createElement('iframe')
      frame.src = src
      document.body.append(frame)
    }, attacker.url)
    const findSibling = () => bridge.page.frames().find((frame) => frame.url().startsWith(attacker.url))
    await expect.poll(findSibling).toBeDefined()
    const sibling = findSibling()
    await sibling?.waitForLoadState()
    await sibling?.evaluate(
      ([token, widgetsUrl]) => {
        const message = { type: '@straddlecom/js-bridge/initialize', token }
        window.parent.frames[0]?.postMessage(message, widgetsUrl ?? '')
      },
      [token, demo.widgetsUrl],
    )
    // the widget reacts to the parent's message, which was sent later
    await bridge.page.evaluate((widgetsUrl) => {
      const message = { type: '@straddleio/js-bridge/initialize', token: 'nothing again' }
      document.querySelector('iframe')?.contentWindow?.postMessage(message, widgetsUrl)
    }, demo.widgetsUrl)
    await expect.poll(async () => (await bridge.heard()).length).toBe(2)
    expect(await bridge.widget.getByRole('button', { name: 'Harbor Federal' }).count()).toBe(0)
    await bridge.page.close()
    await attacker.stop()
  })
})

test('the widget has no accessibility violations, in light and dark mode', async () => {
  const bridge = await openFor('straddlecom', { sandbox_outcome: 'review' })
  const barriers = async (colorScheme: 'light' | 'dark') => {
    await bridge.page.emulateMedia({ colorScheme })
    return findBarriers(bridge.page.frame({ url: `${demo.widgetsUrl}/**` }))
  }
  await bridge.widget.getByRole('button', { name: 'Harbor Federal' }).waitFor()
  expect(await barriers('light')).toEqual([])
  await bridge.press('Enter account details manually')
  expect(await barriers('dark')).toEqual([])
  await bridge.press('Back')
  await bridge.press('Juniper Trust')
  expect(await barriers('light')).toEqual([])
  await bridge.press('Allow and connect')
  await bridge.widget.getByRole('button', { name: 'Continue' }).waitFor()
  expect(await barriers('dark')).toEqual([])
  await bridge.page.close()
})

const tamper = (token: string) => token.replace(/\.(.)/, (_, first: string) => `.${first === 'e' ? 'f' : 'e'}`)

async function revoked(token: string) {
  await post(`${demo.demoUrl}/api/revoke`, { token })
  return token
}

async function otherAccountsToken(): Promise<string> {
  const { secretKey, customerId } = demo.shop.otherAccount
  const headers = { Authorization: `Bearer ${secretKey}` }
  const { body } = await post(`${demo.hallpassUrl}/v1/bridge/initialize`, { customer_id: customerId }, headers)
  return body.data.bridge_token
}
