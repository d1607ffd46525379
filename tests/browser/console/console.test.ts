import { createHallpassClient } from '@hallpass/client'
import type { WidgetConfig } from '@hallpass/contracts'
import { post } from '@hallpass/demo/src/testing/start-demo.js'
import { describe, expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole, enterKey, openSection } from './enter-console.js'

const walk = useDemoBrowser()

describe('the console', () => {
  test('accepts only a key that can administer the account', async () => {
    const { page, context } = await walk().visit('/console')
    await enterKey(page, 'sk_test_unknown')
    await page.getByRole('alert').filter({ hasText: 'unauthenticated' }).waitFor()
    await enterKey(page, walk().demo.shop.widgetHostKey)
    await page.getByRole('alert').filter({ hasText: 'insufficient_scope' }).waitFor()
    await context.close()
  })

  test('keeps the key in memory only', async () => {
    const { page, context } = await enterConsole(walk())
    const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')
    expect(stored).not.toContain(walk().demo.shop.consoleKey)
    await page.reload()
    await page.getByLabel('Secret key').waitFor()
    await context.close()
  })

  test('creates a secret key, rotates it with an overlap, and disables it', async () => {
    const { page, complaints, context } = await enterConsole(walk())
    await openSection(page, 'Secret keys')
    await page.getByLabel('Name').fill('nightly job')
    await page.getByRole('checkbox', { name: 'admin', exact: true }).check()
    await page.getByRole('button', { name: 'Create' }).click()
    const secret = await page.locator('.new-secret').textContent()
    expect(secret).toMatch(/^sk_test_/)
    await page.getByRole('button', { name: 'Done' }).click()
    const rows = page.getByRole('row').filter({ hasText: 'nightly job' })
    await rows.getByRole('button', { name: 'Rotate' }).click()
    await page.getByRole('radio', { name: '1 hour' }).check()
    await page.getByRole('button', { name: 'Create new key' }).click()
    expect(await page.locator('.new-secret').textContent()).not.toBe(secret)
    await page.getByRole('button', { name: 'Done' }).click()
    await rows.filter({ hasText: 'expires' }).waitFor()
    const disable = rows.filter({ hasText: 'active' }).getByRole('button', { name: 'Disable' })
    await disable.click()
    expect(await findBarriers(page.mainFrame())).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await disable.evaluate((button) => button === document.activeElement)).toBe(true)
    await disable.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await rows.filter({ hasText: 'disabled' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('asks again before it disables the last key that can administer an account', async () => {
    const { hallpassUrl, shop } = walk().demo
    const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
    const { id: accountId } = await admin.accounts.create({ tenant: 'last_key' })
    const { secret } = await admin.apiKeys.create({ name: 'only one', scopes: ['admin'] }, { accountId })
    const stateOf = async () => (await admin.apiKeys.list({}, { accountId })).data.map(({ disabled }) => disabled)
    const { page, context } = await walk().visit('/console')
    await enterKey(page, secret)
    await openSection(page, 'Secret keys')
    const row = page.getByRole('row').filter({ hasText: 'only one' })
    const askTwice = async () => {
      await row.getByRole('button', { name: 'Disable' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click()
      return page.getByRole('dialog').filter({ hasText: 'the last key that can administer this account' })
    }
    const question = await askTwice()
    await question.getByText('hallpass api-keys recover').waitFor()
    expect(await findBarriers(page.mainFrame())).toEqual([])
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect(await stateOf()).toEqual([false])
    await (await askTwice()).getByRole('button', { name: 'Disable last key' }).click()
    await page.getByRole('alert').filter({ hasText: 'unauthenticated' }).waitFor()
    expect(await stateOf()).toEqual([true])
    await context.close()
  })

  test('after disabling a key, offers to disable its replacement if that is in use', async () => {
    const { hallpassUrl, shop } = walk().demo
    const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
    const { id } = await admin.apiKeys.create({ name: 'stolen', scopes: ['bridge:write'] })
    const { secret } = await admin.apiKeys.rotate({ api_key_id: id })
    const thief = createHallpassClient({ baseUrl: hallpassUrl, apiKey: secret })
    await thief.bridge.initialize({ customer_id: crypto.randomUUID() }).catch(() => undefined)
    const { page, context } = await enterConsole(walk())
    await openSection(page, 'Secret keys')
    const rows = page.getByRole('row').filter({ hasText: 'stolen' })
    await rows.filter({ hasText: 'expires' }).getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click()
    const question = page.getByRole('dialog').filter({ hasText: 'Disable its replacement too?' })
    await question.waitFor()
    expect(await findBarriers(page.mainFrame())).toEqual([])
    expect(await rows.getByText('disabled', { exact: true }).count()).toBe(1)
    await question.getByRole('button', { name: 'Disable replacement' }).click()
    await rows.getByText('disabled', { exact: true }).nth(1).waitFor()
    await context.close()
  })

  test('shows whether an origin is allowed, and why', async () => {
    const { page, context } = await enterConsole(walk())
    await openSection(page, 'Client keys')
    await page.getByLabel(/^Name/).fill('campaign')
    await page.getByLabel('First allowed origin').fill('*.shop.example')
    await page.getByRole('button', { name: 'Create' }).click()
    const key = page.getByRole('article').filter({ hasText: 'campaign' })
    const question = key.getByLabel('Is this origin allowed?')
    const response = key.getByRole('status')
    await question.fill('https://www.shop.example')
    await response.filter({ hasText: 'Yes. The entry *.shop.example allows it.' }).waitFor()
    await question.fill('https://a.b.shop.example')
    await response.filter({ hasText: /No\. .*exactly one label/ }).waitFor()
    await question.fill('null')
    await response.filter({ hasText: /No\. .*never allowed/ }).waitFor()
    await key.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await key.getByText('disabled', { exact: true }).waitFor()
    await context.close()
  })

  test('changes the appearance of a widget, which its page then receives', async () => {
    const { page, complaints, context } = await enterConsole(walk())
    await openSection(page, 'Client keys')
    const key = page.getByRole('article').filter({ hasText: walk().demo.shop.clientKey })
    await key.getByText('Appearance', { exact: true }).click()
    await key.getByLabel('Primary color').fill('#8b1e3f')
    await key.getByLabel('Launcher position').selectOption('top left')
    await key.getByLabel('Greeting').fill('Good evening.')
    expect(await findBarriers(page.mainFrame())).toEqual([])
    await key.getByRole('button', { name: 'Save appearance' }).click()
    await key.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
    const { demoUrl, hallpassUrl, shop } = walk().demo
    const config = `${hallpassUrl}/api/v1/widget/config?client_key=${shop.clientKey}`
    const { branding, copy } = (await (await fetch(config, { headers: { Origin: demoUrl } })).json()) as WidgetConfig
    expect(branding).toMatchObject({ primary_color: '#8b1e3f', launcher_position: 'tl' })
    expect(copy).toMatchObject({ greeting: 'Good evening.', launcher_label: expect.stringMatching(/./) })
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows calls of the demo in the activity chart', async () => {
    const { page, context } = await enterConsole(walk())
    const row = page.getByRole('row').filter({ hasText: 'card.widgetToken' })
    const countOf = async () => {
      await page.getByRole('button', { name: 'Refresh' }).click()
      await page.waitForLoadState('networkidle')
      const cells = (await row.count()) === 0 ? [] : await row.getByRole('cell').allTextContents()
      const drawn = await page.getByRole('img', { name: / calls, / }).getAttribute('aria-label')
      return {
        succeeded: Number(cells[1] ?? 0),
        refused: Number(cells[2] ?? 0),
        drawn: Number.parseInt(drawn ?? '', 10),
      }
    }
    const before = await countOf()
    const { page: shop, context: customer } = await walk().visit('/card')
    await shop.getByRole('button', { name: 'Show the number' }).click()
    await shop.frameLocator('iframe[title="Card widget"]').getByRole('button', { name: 'Show the number' }).waitFor()
    await customer.close()
    await post(`${walk().demo.demoUrl}/api/card-token`, { of: 'otherAccount' })
    await expect.poll(countOf).toMatchObject({ succeeded: before.succeeded + 1, refused: before.refused + 1 })
    expect((await countOf()).drawn).toBeGreaterThanOrEqual(before.drawn + 2)
    await context.close()
  })

  test('adds a customer, ends sessions, announces a signing key, and lists changes and refusals', async () => {
    const { page, complaints, context } = await enterConsole(walk())
    await openSection(page, 'Customers')
    await page.getByLabel('Name').fill('Mary Shelley')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByLabel('Status of Mary Shelley').selectOption('review')
    await openSection(page, 'Cards')
    await page.getByText('Ends in 4242').waitFor()
    await openSection(page, 'Sessions')
    await page.getByLabel('user_id').fill('user_42')
    await page.getByRole('button', { name: 'End sessions' }).click()
    await page.getByText(/of this user from before .* have ended\./).waitFor()
    await page.getByRole('radio', { name: 'Account' }).check()
    await page.getByRole('button', { name: 'End sessions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).click()
    await page.getByText(/of this account from before .* have ended\./).waitFor()
    await openSection(page, 'Signing keys')
    await page.getByRole('button', { name: 'Announce next key' }).click()
    await page.getByText('announced', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Revoke the announced key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('announced', { exact: true }).waitFor({ state: 'detached' })
    await post(`${walk().demo.demoUrl}/api/bridge`, { of: 'otherAccount' })
    await openSection(page, 'Refusals')
    await page.getByText('bridge.initialize').first().waitFor()
    await openSection(page, 'Audit')
    await page.getByText('admin.sessions.revoke').first().waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows the response to the latest request, even if an earlier one arrives later', async () => {
    const { page, context } = await enterConsole(walk())
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route(/admin\.activity\.list.*%22hours%22%3A6/, async (route) => {
      await held
      const late = { minute: new Date().toISOString(), operation: 'bridge.late', outcome: 'ok', count: 1 }
      await route.fulfill({ json: { result: { data: { data: [late] } } } })
    })
    await page.getByRole('radio', { name: '6 hours' }).check()
    const hour = page.waitForResponse(/admin\.activity\.list.*%22hours%22%3A1/)
    await page.getByRole('radio', { name: '1 hour' }).check()
    await hour
    const six = page.waitForResponse(/%22hours%22%3A6/)
    release()
    await (await six).finished()
    await page.getByRole('button', { name: 'Refresh' }).hover()
    expect(await page.getByText('bridge.late').count()).toBe(0)
    await context.close()
  })

  test('lists all client keys, page by page', async () => {
    const { hallpassUrl, shop } = walk().demo
    const hallpass = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
    for (let made = 0; made < 51; made++) {
      const agent = { id: 'agent_1', display_name: 'Ada' }
      await hallpass.admin.clientKeys.create({ name: `campaign ${made}`, origin_allowlist: [], agent })
    }
    const { page, context } = await enterConsole(walk())
    await openSection(page, 'Client keys')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'More' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('article').count()).toBeGreaterThan(51)
    await context.close()
  })
})
