import { describe, expect, test } from 'vitest'
import { tabStorage } from './support/clients/simulated-origin.js'
import { type SimulatedBrowser, type SimulatedTab, simulateBrowser, within } from './support/clients/simulated-tabs.js'
import { introspect } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const second = 1_000
const minute = 60 * second

const server = withServer()

const begin = (browser: SimulatedBrowser, { session }: SimulatedTab) => within(browser, 2 * second, session.begin())

const refreshTokensIn = (browser: SimulatedBrowser) =>
  browser.calls.filter(({ endpoint }) => endpoint === 'refresh').map(({ body }) => body.refresh_token)

describe('without localStorage, a session that another page may have forgotten', () => {
  /** A page of a session that its tab also has in its storage, and another page of it. */
  async function twoPages() {
    const browser = simulateBrowser(server)
    browser.notes = 'refused'
    const storage = tabStorage()
    const [page, other] = [browser.open({ storage }), browser.open()]
    const { session_id } = await begin(browser, page)
    await browser.time.pass(second)
    return { browser, storage, page, other, session_id }
  }
  type Pages = Awaited<ReturnType<typeof twoPages>>
  const returns: [string, (pages: Pages) => () => SimulatedTab][] = [
    [
      'after Back',
      ({ page }) => {
        page.leave()
        return () => {
          page.back()
          return page
        }
      },
    ],
    [
      'after a reload',
      ({ page, browser, storage }) => {
        page.kill()
        return () => browser.open({ storage })
      },
    ],
  ]
  const shown = ({ session }: SimulatedTab) => session.state().visitor?.session_id

  test.each(returns)('is shown once another page confirms it, %s', async (_, leave) => {
    const pages = await twoPages()
    const { browser, session_id } = pages
    const page = leave(pages)()
    expect(shown(page)).toBeUndefined()
    browser.network = 'down'
    await browser.time.pass(second)
    expect(shown(page)).toBe(session_id)
    expect(refreshTokensIn(browser)).toEqual([])
  })

  test('is not handed on to a page without one before that', async () => {
    const { browser, page, other, session_id } = await twoPages()
    page.leave()
    other.session.forget()
    other.close()
    await browser.time.pass(second)
    const late = browser.open()
    page.back()
    await browser.time.pass(second)
    expect(late.events).toEqual(['ready'])
    expect(shown(late)).not.toBe(session_id)
    await browser.time.pass(20 * minute)
    expect(late.events).toEqual(['ready', 'refreshed'])
  })

  test.each(returns)('is shown once the service confirms it, %s', async (_, leave) => {
    const pages = await twoPages()
    const { browser, other, session_id } = pages
    const comeBack = leave(pages)
    other.close()
    await browser.time.pass(second)
    browser.network = 'down'
    const page = comeBack()
    await browser.time.pass(10 * second)
    expect(shown(page)).toBeUndefined()
    browser.network = 'up'
    await browser.time.pass(minute)
    expect(shown(page)).toBe(session_id)
    expect(refreshTokensIn(browser)).toHaveLength(1)
  })

  test.each(returns)('is never shown after a logout, %s, and the call of a page gets another', async (_, leave) => {
    const pages = await twoPages()
    const { browser, other, session_id } = pages
    const comeBack = leave(pages)
    other.session.forget()
    other.close()
    await browser.time.pass(second)
    const page = comeBack()
    const ids = new Set<string | undefined>()
    page.session.watch(() => ids.add(shown(page)))
    expect(await introspect(server, await within(browser, 5 * second, page.session.token()))).toMatchObject({
      active: true,
    })
    expect(ids).not.toContain(session_id)
  })

  test.each(returns)('is never shown after an offline logout that an open page knows of, %s', async (_, leave) => {
    const pages = await twoPages()
    const { browser, other, session_id } = pages
    const comeBack = leave(pages)
    browser.network = 'down'
    other.session.forget()
    await browser.time.pass(second)
    browser.network = 'up'
    const page = comeBack()
    const ids = new Set<string | undefined>()
    page.session.watch(() => ids.add(shown(page)))
    const { session_id: next } = await within(browser, 5 * second, page.session.begin())
    expect(next).not.toBe(session_id)
    expect(ids).not.toContain(session_id)
  })
})
