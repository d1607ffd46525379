import { createGuard, createVerifier } from '@hallpass/client/verify'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { type ClientWorld, openPage, startClientWorld } from './support/client-world.js'

let world: ClientWorld
let url = ''
beforeAll(async () => {
  world = await startClientWorld()
  url = world.sites.origin('localhost')
  const verifier = createVerifier({ issuer: world.server.url, kind: 'widget-session', account: acme.account })
  const guard = createGuard(verifier, { origin: url })
  world.sites.handle('localhost', '/claims', (request, response) => {
    void guard.express(request, response, () => response.end(JSON.stringify(guard.claimsOf(request))))
  })
})
afterAll(() => world?.stop())

/** Runs in a page: begins a bound session in it, and asks the API who it is. */
async function begin(settings: ClientWorld['settings']) {
  window.session = Client.createWidgetSession({ ...settings, binding: Client.bindToKey() })
  await window.session.begin()
  const response = await window.session.fetchWithSession('/claims?page=1')
  return { status: response.status, ...(await response.json()) }
}

/** Runs in a page: whether its key can be copied, and how many there are. */
async function inspectKeys() {
  const request = indexedDB.open('hallpass')
  await new Promise((resolve) => {
    request.onsuccess = resolve
  })
  const all = request.result.transaction('keys').objectStore('keys').getAll()
  await new Promise((resolve) => {
    all.onsuccess = resolve
  })
  request.result.close()
  const keys: CryptoKeyPair[] = all.result
  const exported = await crypto.subtle.exportKey('jwk', keys[0]?.privateKey as CryptoKey).catch(() => 'refused')
  return { count: keys.length, exported }
}

const tokenOf = (page: Page) => page.evaluate(() => window.session.token())

describe('a page with a bound session', () => {
  test('proves its key to the API and at a refresh, and shares it with other tabs', async () => {
    const context = await world.browser.newContext()
    const [page, other] = [await openPage(context, url), await openPage(context, url)]
    const claims = await page.evaluate(begin, world.settings)
    expect(claims).toMatchObject({ status: 200, cnf: { jkt: expect.any(String) } })
    expect(await other.evaluate(begin, world.settings)).toMatchObject({ sid: claims.sid, cnf: claims.cnf })
    expect(await page.evaluate(inspectKeys)).toEqual({ count: 1, exported: 'refused' })
    // the token works only with the key
    const bearer = { Authorization: `Bearer ${await tokenOf(page)}` }
    expect((await fetch(`${url}/claims`, { headers: bearer })).status).toBe(401)
    const before = await tokenOf(page)
    world.sites.handle('localhost', '/refused', (_, response) => response.writeHead(401).end())
    await page.evaluate(() => window.session.fetchWithSession('/refused').then(() => {}))
    expect(await tokenOf(page)).not.toBe(before)
    await context.close()
  })

  test('begins again as the same guest after its session was forgotten', async () => {
    const context = await world.browser.newContext()
    const page = await openPage(context, url)
    const first = await page.evaluate(begin, world.settings)
    await page.evaluate(() => window.session.forget())
    const second = await page.evaluate(begin, world.settings)
    expect(second.sid).not.toBe(first.sid)
    expect(second.sub).toBe(first.sub)
    await context.close()
  })

  test('is a bearer session if the browser refuses IndexedDB and the client key only prefers a key', async () => {
    const context = await world.browser.newContext()
    await context.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }))
    const page = await openPage(context, url)
    const claims = await page.evaluate(begin, world.settings)
    expect(claims.status).toBe(200)
    expect(claims.cnf).toBeUndefined()
    await context.close()
  })
})
