import type { BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'

let world: ClientWorld
let context: BrowserContext
beforeAll(async () => {
  world = await startClientWorld()
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

const refused = {
  reason: 'origin_not_allowed',
  status: 403,
  message: 'Origin not in allowlist for this client_key',
  events: ['refused'],
}

/** Begins a guest session in a page or a frame. Returns the result or the error. */
const beginGuest = (page: Pick<Page, 'evaluate'>) =>
  page.evaluate(async (settings) => {
    const session = Client.createWidgetSession(settings)
    const events: string[] = []
    session.subscribe(({ type }) => events.push(type))
    try {
      const visitor = await session.begin()
      return { visitor, events }
    } catch (error) {
      if (!(error instanceof Client.WidgetSessionError)) throw error
      return { reason: error.reason, status: error.status, message: error.message, events }
    }
  }, world.settings)

describe('a guest session, from three origins', () => {
  test('the allowed page gets a session', async () => {
    const page = await openPage(context, world.shop)
    expect(await beginGuest(page)).toEqual({
      visitor: expect.objectContaining({ auth_mode: 'guest', agent_id: 'agent_1' }),
      events: ['ready'],
    })
  })

  test('a page that is not allowed gets none, and sees the reason', async () => {
    expect(await beginGuest(await openPage(context, world.attacker))).toEqual(refused)
  })

  test("the widget's own page gets none without a ticket, and sees the reason", async () => {
    expect(await beginGuest(await openPage(context, world.widgets))).toEqual(refused)
  })

  test('a sandboxed iframe of the allowed page gets none, and sees the reason', async () => {
    const inside = await sandboxedFrame(await openPage(context, world.shop))
    expect(await beginGuest(inside)).toEqual({
      reason: 'no_origin',
      message: expect.stringContaining('allow-same-origin'),
      events: ['refused'],
    })
  })

  test("the browser blocks a sandboxed iframe's own call with the Origin null", async () => {
    const inside = await sandboxedFrame(await openPage(context, world.shop))
    const failure = inside.evaluate(async ({ baseUrl, clientKey: client_key }) => {
      const headers = { 'Content-Type': 'application/json' }
      await fetch(`${baseUrl}/api/v1/widget/auth/guest`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ client_key }),
      })
    }, world.settings)
    await expect(failure).rejects.toThrow('Failed to fetch')
  })

  test('403 for another page with an embed ticket of the allowed page', async () => {
    const page = await openPage(context, world.attacker)
    const ticket = await ticketOfShop()
    const answer = await page.evaluate(
      async ({ baseUrl, clientKey: client_key, embed_ticket }) => {
        const body = JSON.stringify({ client_key, embed_ticket })
        const headers = { 'Content-Type': 'application/json' }
        const response = await fetch(`${baseUrl}/api/v1/widget/auth/guest`, { method: 'POST', headers, body })
        return { status: response.status, reason: response.headers.get('X-Error-Reason'), text: await response.text() }
      },
      { ...world.settings, embed_ticket: ticket },
    )
    expect(answer).toEqual({ status: 403, reason: refused.reason, text: refused.message })
  })
})

/** A frame of the page's own site that can run scripts but has no origin. */
async function sandboxedFrame(page: Page): Promise<Frame> {
  await page.setContent(`<iframe sandbox="allow-scripts" src="${world.shop}"></iframe>`)
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  if (!frame) throw new Error('The iframe has no document.')
  await frame.waitForLoadState()
  return frame
}

/** Gets a valid ticket for the shop's page, as if someone had copied it. */
async function ticketOfShop(): Promise<string> {
  const page = await openPage(context, world.shop)
  return page.evaluate(async ({ baseUrl, clientKey: client_key }) => {
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify({ client_key })
    const response = await fetch(`${baseUrl}/api/v1/widget/auth/embed-ticket`, { method: 'POST', headers, body })
    return (await response.json()).ticket
  }, world.settings)
}

describe('a widget that is embedded by two sites', () => {
  test('shares neither storage nor a channel nor cookies between them', async () => {
    const frames = await Promise.all([world.shop, world.attacker].map((host) => widgetFrame(host)))
    const [one, two] = frames as [Frame, Frame]
    await two.evaluate(() => {
      new BroadcastChannel('shared').onmessage = ({ data }) => localStorage.setItem('heard', data)
    })
    await one.evaluate(() => {
      localStorage.setItem('from', 'one')
      Reflect.set(document, 'cookie', 'from=one')
      new BroadcastChannel('shared').postMessage('one')
    })
    const found = async () => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return [localStorage.getItem('from'), localStorage.getItem('heard'), document.cookie]
    }
    expect(await one.evaluate(found)).toEqual(['one', null, ''])
    expect(await two.evaluate(found)).toEqual([null, null, ''])
  })
})

/** The widget's own page in a frame of another site. */
async function widgetFrame(host: string): Promise<Frame> {
  const page = await openPage(context, host)
  await page.evaluate((src) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src }))
  }, world.widgets)
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  if (!frame) throw new Error('The iframe has no document.')
  await frame.waitForLoadState('load')
  return frame
}
