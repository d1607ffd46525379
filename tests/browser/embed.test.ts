import type { BrowserContext, Frame } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { introspect, mintUserToken, paths } from '../system/support/fixtures/mint.js'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'
import { eventsOf, frameOf, mountInto, serveWidgets, tokenOf } from './support/widget-sites.js'

let world: ClientWorld
let context: BrowserContext
beforeAll(async () => {
  world = await startClientWorld()
  serveWidgets(world)
})
afterAll(() => world?.stop())
beforeEach(async () => {
  context = await world.browser.newContext()
})
afterEach(() => context.close())

const guest = {
  session_id: expect.any(String),
  visitor_id: expect.any(String),
  auth_mode: 'guest',
  agent_id: 'agent_1',
}

describe('a widget in a page', () => {
  test('gets a guest session whose origin is the page that mounted it', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    await expect.poll(() => eventsOf(page)).toEqual([{ type: 'connected' }, { type: 'ready', visitor: guest }])
    const claims = await introspect(world.server, await tokenOf(page))
    expect(claims).toMatchObject({ active: true, origin: world.shop, auth_mode: 'guest' })
  })

  test('carries no token in any URL', async () => {
    const urls: string[] = []
    context.on('request', (request) => urls.push(request.url()))
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    const token = await tokenOf(page)
    expect(token).toMatch(/^eyJ/)
    expect(urls).toContain(`${world.widgets}/widget?client_key=${acme.clientKey}`)
    expect(urls.filter((url) => url.includes('eyJhbGci'))).toEqual([])
  })

  test('exchanges messages with its page, and sets its own height', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    await page.evaluate(() => window.widget.post({ greeting: 'hi' }))
    await expect.poll(() => page.evaluate(() => window.messages)).toEqual([{ heard: { greeting: 'hi' } }])
    expect(await page.evaluate(() => window.widget.iframe.style.height)).toBe('321px')
  })

  test("gets a user session if the page's backend issues a visitor token", async () => {
    const page = await openPage(context, world.shop)
    await page.exposeFunction('askBackend', () => mintUserToken(world.server, { display_name: 'Ada' }))
    await mountInto(page, world, { asUser: true })
    const user = { id: 'user_42', display_name: 'Ada' }
    const visitor = expect.objectContaining({ auth_mode: 'user', user })
    await expect.poll(() => eventsOf(page)).toEqual([{ type: 'connected' }, { type: 'ready', visitor }])
    const claims = { active: true, auth_mode: 'user', origin: world.shop }
    expect(await introspect(world.server, await tokenOf(page))).toMatchObject(claims)
  })

  test('upgrades its guest to a user with the same visitor_id', async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    await tokenOf(page)
    const token = await mintUserToken(world.server)
    await page.evaluate((visitorToken) => window.widget.upgrade(visitorToken), token)
    await expect.poll(() => eventsOf(page)).toHaveLength(3)
    const [, ready, upgraded] = await eventsOf(page)
    expect(upgraded).toMatchObject({ type: 'upgraded', visitor: { auth_mode: 'user', user: { id: 'user_42' } } })
    expect(upgraded?.visitor?.visitor_id).toBe(ready?.visitor?.visitor_id)
    const claims = { active: true, auth_mode: 'user', origin: world.shop }
    expect(await introspect(world.server, await tokenOf(page))).toMatchObject(claims)
  })

  test("keeps its guest if the upgrade's token is for another client key", async () => {
    const page = await openPage(context, world.shop)
    await mountInto(page, world)
    const before = await tokenOf(page)
    const token = await mintUserToken(world.server, { client_key: acme.userOnly })
    const reason = await page.evaluate(
      (visitorToken) => window.widget.upgrade(visitorToken).then(String, (error) => error.reason),
      token,
    )
    expect(reason).toBe('client_key_mismatch')
    const refused = expect.objectContaining({ type: 'refused', reason, status: 400 })
    await expect.poll(() => eventsOf(page)).toEqual([{ type: 'connected' }, { type: 'ready', visitor: guest }, refused])
    expect(await tokenOf(page)).toBe(before)
    expect(await introspect(world.server, before)).toMatchObject({ active: true, auth_mode: 'guest' })
  })

  test('exists once after mounting twice, and leaves nothing behind after unmounting', async () => {
    const page = await openPage(context, world.shop)
    await page.evaluate(countListeners)
    await mountInto(page, world)
    await mountInto(page, world)
    await tokenOf(page)
    expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBe(1)
    await page.evaluate(() => window.widget.unmount())
    expect(await page.evaluate(() => [document.querySelectorAll('iframe').length, window.count.listeners])).toEqual([
      0, 0,
    ])
  })
})

describe('a widget in a page that is not allowed', () => {
  test('is not shown, and the page learns that it is blocked', async () => {
    await context.clock.install()
    const page = await openPage(context, world.attacker)
    await mountInto(page, world)
    await page.evaluate(() => {
      window.widget.upgrade('token').catch(({ reason }) => window.messages.push(reason))
    })
    await page.waitForFunction(() => window.frames.length === 1)
    // no widget responds; the page gives up after 12 s, and asks why, for which it needs time
    let isAsking = false
    page.on('request', (request) => (isAsking ||= request.url().endsWith('/embed-ticket')))
    await expect
      .poll(async () => {
        if (!isAsking) await context.clock.fastForward(13_000)
        return eventsOf(page)
      })
      .toEqual([{ type: 'refused', reason: 'frame_blocked', message: expect.stringContaining(world.attacker) }])
    expect(await page.evaluate(() => window.messages)).toEqual(['frame_blocked'])
    expect(await page.evaluate(() => window.widget.state())).toBe('blocked')
  })

  test('gets no session if the page can frame it, and both sides see the reason', async () => {
    const page = await openPage(context, world.attacker)
    await mountInto(page, world, { path: '/open-widget' })
    const refused = { reason: 'origin_not_allowed', message: 'Origin not in allowlist for this client_key' }
    await expect
      .poll(() => eventsOf(page))
      .toEqual([{ type: 'connected' }, { type: 'refused', status: 403, ...refused }])
    expect(await (await frameOf(page)).evaluate(() => window.failure)).toEqual(refused)
  })

  test('neither presents nor uses up a ticket that the page stole from another page', async () => {
    const stolen = await stealTicket()
    const page = await openPage(context, world.attacker)
    await page.evaluate(handOver, { url: `${world.widgets}/open-widget`, ticket: stolen, clientKey: acme.clientKey })
    const widget = await frameOf(page)
    await expect
      .poll(() => widget.evaluate(() => window.failure))
      .toEqual({
        reason: 'host_not_allowed',
        message: expect.stringContaining(world.attacker),
      })
    const body = { client_key: acme.clientKey, embed_ticket: stolen }
    expect((await world.server.post(paths.guest, body, { Origin: world.widgets })).status).toBe(200)
  })

  test('403 for a used ticket, whichever origin replays it', async () => {
    const stolen = await stealTicket()
    const body = { client_key: acme.clientKey, embed_ticket: stolen }
    const replay = async (origin: string) => (await world.server.post(paths.guest, body, { Origin: origin })).status
    expect(await replay(world.widgets)).toBe(200)
    expect([await replay(world.widgets), await replay(world.attacker)]).toEqual([403, 403])
  })
})

describe('messages from a frame that is not the widget', () => {
  test('have no effect on the page and on the widget', async () => {
    world.sites.serve('attacker.test', '/frame', { body: `<!doctype html><script>(${flood})()</script>` })
    const page = await openPage(context, world.shop)
    await page.evaluate(async (src) => {
      const frame = document.createElement('iframe')
      frame.src = src
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
      document.body.append(frame)
      await loaded
    }, `${world.attacker}/frame`)
    await mountInto(page, world)
    const token = await tokenOf(page)
    const attacker = page.frames().find((frame) => frame.url().startsWith(world.attacker)) as Frame
    // the frame kept sending, and no one replied
    await expect.poll(() => attacker.evaluate(() => window.flooded)).toBeGreaterThan(20)
    expect(await attacker.evaluate(() => window.heard)).toEqual([])
    expect(await eventsOf(page)).toEqual([{ type: 'connected' }, { type: 'ready', visitor: guest }])
    expect(await tokenOf(page)).toBe(token)
    expect(await introspect(world.server, token)).toMatchObject({ active: true, origin: world.shop })
  })
})

/** Counts the page's message listeners in `count`. Runs in the page. */
function countListeners(): void {
  window.count = { listeners: 0 }
  const watch = (name: 'addEventListener' | 'removeEventListener', step: number) => {
    const original = window[name]
    window[name] = (...args: Parameters<typeof original>) => {
      if (args[0] === 'message') window.count.listeners += step
      original.apply(window, args)
    }
  }
  watch('addEventListener', 1)
  watch('removeEventListener', -1)
}

/** Gets a valid ticket for the shop's page, as if someone had copied it. */
async function stealTicket(): Promise<string> {
  const page = await openPage(context, world.shop)
  return page.evaluate(async ({ baseUrl, clientKey: client_key }) => {
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify({ client_key })
    const response = await fetch(`${baseUrl}/api/v1/widget/auth/embed-ticket`, { method: 'POST', headers, body })
    return (await response.json()).ticket
  }, world.settings)
}

/** Sends the host page's messages with a stolen ticket. Runs in the page. */
function handOver({ url, ticket, clientKey }: { url: string; ticket: string; clientKey: string }): void {
  const iframe = document.createElement('iframe')
  iframe.src = url
  const origin = new URL(url).origin
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => {
    if (data.name === 'embed_ticket') port1.postMessage({ id: data.id, value: ticket })
  }
  iframe.addEventListener('load', () => {
    const connect = { type: '@hallpass/embed/connect', client_key: clientKey, has_visitor_token: false }
    iframe.contentWindow?.postMessage(connect, origin, [port2])
  })
  document.body.append(iframe)
}

/** Sends every message of a page or a widget to both, again and again. Runs in the attacker's frame. */
function flood(): void {
  const state = { flooded: 0, heard: [] as unknown[] }
  Object.assign(window, state)
  const say = (target: Window) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => window.heard.push(data)
    target.postMessage({ type: '@hallpass/embed/hello' }, '*')
    target.postMessage({ type: '@hallpass/embed/connect', client_key: 'pk_attacker', has_visitor_token: true }, '*', [
      port2,
    ])
    target.postMessage({ name: 'event', value: { type: 'revoked' } }, '*')
    target.postMessage({ name: 'forget' }, '*')
  }
  addEventListener('message', ({ data }) => window.heard.push(data))
  setInterval(() => {
    for (let i = 0; i < parent.frames.length; i += 1) if (parent.frames[i] !== window) say(parent.frames[i] as Window)
    say(parent)
    window.flooded += 1
  }, 10)
}
