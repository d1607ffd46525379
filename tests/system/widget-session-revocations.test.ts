import type { Operations, OutputOf } from '@hallpass/contracts'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { bodyOf, mintUserToken, revoke } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const second = 1_000
const minute = 60 * second

const server = withServer()
type ClientKey = OutputOf<Operations['admin.clientKeys.create']>

// the code that reads the feed is loaded when it is first needed, which takes no simulated time
beforeAll(async () => {
  const browser = simulateBrowser(server)
  const { session } = browser.open({ revocationSeconds: 30 })
  await within(browser, second, session.begin())
  await browser.time.pass(31 * second)
  await vi.dynamicImportSettled()
  session.close()
})

const revokeBy = (body: object) => server.postAsAcme('/v1/admin/sessions/revoke', body)

describe('a widget session that checks the revocation feed every 30 seconds', () => {
  const cases: [string, (session: { token: string; visitor_id: string }) => Promise<Response>][] = [
    ['its token', ({ token }) => revoke(server, token)],
    ['its visitor', ({ visitor_id }) => revokeBy({ visitor_id })],
    ['its user', () => revokeBy({ user_id: 'user_42' })],
  ]
  test.each(cases)('ended by %s: all tabs notice within 30 seconds', async (_, end) => {
    const browser = simulateBrowser(server)
    const options = {
      revocationSeconds: 30,
      userId: 'user_42',
      visitorToken: () => browser.time.track(mintUserToken(server)),
    }
    const tabs = [browser.open(options), browser.open(options), browser.open(options)]
    const begun = Promise.all(tabs.map(({ session }) => session.begin()))
    await browser.time.pass(second)
    const [visitor] = await begun
    const token = await tabs[0]?.session.token()
    await browser.time.pass(minute)
    expect((await end({ token: token ?? '', visitor_id: visitor?.visitor_id ?? '' })).status).toBe(200)
    await browser.time.pass(31 * second)
    expect(tabs.map(({ events }) => events)).toEqual(tabs.map(() => ['ready', 'revoked']))
  })

  test('ended with observe mode, because its origin is not allowed', async () => {
    const browser = simulateBrowser(server)
    const observe_until = new Date(server.clock.now() + 60 * minute).toISOString()
    const settings = {
      name: 'new',
      origin_allowlist: ['https://other.example'],
      agent: { id: 'a', display_name: 'Ada' },
      observe_until,
    }
    const { id, client_key } = await bodyOf<ClientKey>(await server.postAsAcme('/v1/admin/client_keys', settings))
    const tab = browser.open({ revocationSeconds: 30, clientKey: client_key })
    await within(browser, second, tab.session.begin())
    await browser.time.pass(minute)
    expect((await server.postAsAcme(`/v1/admin/client_keys/${id}`, { observe_until: null })).status).toBe(200)
    await browser.time.pass(31 * second)
    expect(tab.events).toEqual(['ready', 'refused'])
  })

  test('a feed that does not arrive times out, and is read the next time', async () => {
    const browser = simulateBrowser(server)
    const tab = browser.open({ revocationSeconds: 30 })
    await within(browser, second, tab.session.begin())
    browser.networkOf.revocations = 'hangs'
    while (browser.hanging === 0) await browser.time.pass(second)
    await browser.time.pass(5 * second)
    expect(browser.hanging).toBe(0)
    browser.networkOf.revocations = 'up'
    await revoke(server, await tab.session.token())
    await browser.time.pass(31 * second)
    expect(tab.events).toEqual(['ready', 'revoked'])
  })

  test('is read once for all tabs, and does not reveal who is still logged in', async () => {
    const browser = simulateBrowser(server)
    const tabs = [1, 2, 3].map(() => browser.open({ revocationSeconds: 30 }))
    const begun = Promise.all(tabs.map(({ session }) => session.begin()))
    await browser.time.pass(10 * minute)
    await begun
    expect(tabs.map(({ events }) => events)).toEqual(tabs.map(() => ['ready']))
    const looks = browser.calls.filter(({ endpoint }) => endpoint === 'revocations').length
    expect(looks).toBeGreaterThanOrEqual(19)
    expect(looks).toBeLessThanOrEqual(27)
  })
})
