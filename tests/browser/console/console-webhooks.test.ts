import { createHallpassClient } from '@hallpass/client'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSigned, startReceiver } from '../../system/support/servers/webhook-receiver.js'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole, enterKey } from './enter-console.js'
import { expectUsable } from './expect-usable.js'

const walk = useDemoBrowser()
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())

const administration = () => {
  const { hallpassUrl, shop } = walk().demo
  return createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey }).admin
}

/** What shows the state in the rows. An id can contain `dead` too. */
const stateIn = (place: Locator | Page, state: string) => place.getByRole('row').getByText(state, { exact: true })

/** Refreshes the deliveries of an endpoint until one is in the state. */
const untilListed = (panel: Locator, state: string) =>
  expect
    .poll(async () => {
      await panel.getByRole('button', { name: 'Refresh' }).click()
      return stateIn(panel, state).count()
    })
    .toBeGreaterThan(0)

test('creates an endpoint by keyboard, tries it, rotates its secret, changes and deletes it', async () => {
  const { page, complaints, context } = await enterConsole(walk(), '/console/webhooks')
  await page.getByText('No webhook endpoints yet.').waitFor()
  const url = `${receiver.url}/first`
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await page.getByLabel('URL').focus()
  await page.keyboard.type('http://hooks.example')
  // the description, then the event types
  await press('Tab', 'Tab', 'Tab', 'Space')
  const event = page.getByRole('checkbox', { name: 'session.began' })
  expect(await event.isChecked()).toBe(true)
  await event.uncheck()
  await page.getByRole('button', { name: 'Create' }).focus()
  await press('Enter')
  await page.getByRole('alert').filter({ hasText: 'must be an https URL' }).waitFor()
  await page.locator('small', { hasText: 'url must be an https URL' }).waitFor()
  await page.getByRole('group', { description: /^event_types must name at least one/ }).waitFor()
  await event.check()
  await page.getByLabel('URL').fill(url)
  await page.getByRole('button', { name: 'Create' }).focus()
  await press('Enter')
  const shownSecret = page.locator('.new-secret')
  const secret = (await shownSecret.textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await press('Escape')
  const panel = page.getByRole('article').filter({ hasText: url })
  await panel.getByText('active', { exact: true }).waitFor()
  expect(await page.content()).not.toContain(secret)

  await panel.getByText('Deliveries').click()
  await panel.getByText('No deliveries yet.').waitFor()
  await panel.getByRole('button', { name: 'Send test event' }).click()
  const [first] = await receiver.waitFor(1, '/first')
  expect(first && isSigned(first, secret)).toBe(true)
  await untilListed(panel, 'delivered')
  await panel.getByText('webhook.test', { exact: true }).click()
  await panel.getByText('"webhook_id"').waitFor()

  await panel.getByRole('button', { name: 'Rotate secret' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('radio', { name: '1 hour' }).check()
  await page.getByRole('button', { name: 'Create new secret' }).click()
  await expect.poll(() => shownSecret.textContent()).toMatch(/^whsec_/)
  const newSecret = (await shownSecret.textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await panel.getByText('signs too, until').waitFor()
  await panel.getByRole('button', { name: 'Send test event' }).click()
  const second = (await receiver.waitFor(2, '/first'))[1]
  expect([secret, newSecret].map((one) => second && isSigned(second, one))).toEqual([true, true])

  await panel.getByText('URL and events').click()
  await panel.getByLabel('URL').fill(`${receiver.url}/second`)
  await panel.getByLabel('Description').fill('The till')
  await panel.getByRole('checkbox', { name: '*' }).check()
  expect(await panel.getByRole('checkbox', { name: 'token.spent' }).isDisabled()).toBe(true)
  await expectUsable(page)
  await panel.getByRole('button', { name: 'Save endpoint' }).click()
  const changed = page.getByRole('article').filter({ hasText: '/second' })
  await changed.getByText('Saved.').waitFor()
  expect((await administration().webhooks.list({})).data).toMatchObject([
    { url: `${receiver.url}/second`, event_types: ['*'], description: 'The till', disabled: false },
  ])

  await changed.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await changed.getByText('disabled', { exact: true }).waitFor()
  expect(await changed.getByRole('button', { name: 'Send test event' }).count()).toBe(0)
  await changed.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No webhook endpoints yet.').waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('replays dead deliveries of an endpoint that answered 410, and delivered ones', async () => {
  const { webhooks } = administration()
  const { id: webhook_id } = await webhooks.create({ url: `${receiver.url}/gone`, event_types: ['token.spent'] })
  receiver.answer((_, response) => void response.writeHead(410).end())
  const { event_id } = await webhooks.test({ webhook_id })
  await receiver.waitFor(1, '/gone')
  const { page, complaints, context } = await enterConsole(walk(), `/console/webhooks?deliveries=${webhook_id}`)
  const panel = page.getByRole('article').filter({ hasText: '/gone' })
  await untilListed(panel, 'dead')
  await panel.getByRole('radio', { name: 'pending' }).check()
  await panel.getByText('No pending deliveries.').waitFor()
  await panel.getByRole('radio', { name: 'dead' }).check()
  await panel.getByRole('row').getByText('gone 410').waitFor()
  expect(new URL(page.url()).searchParams.get('state')).toBe('dead')
  await expect
    .poll(async () => {
      await panel.getByRole('button', { name: 'Refresh' }).click()
      return panel.getByText('because it answered 410').count()
    })
    .toBe(1)
  await expectUsable(page)

  const { secret } = await administration().apiKeys.create({ name: 'support', scopes: ['admin:read'] })
  const reader = await walk().visit(page.url().replace(walk().demo.hallpassUrl, ''))
  await enterKey(reader.page, secret)
  await stateIn(reader.page, 'dead').waitFor()
  expect(await reader.page.locator('main').getByRole('button').allTextContents()).toEqual([
    `Refresh the deliveries to ${receiver.url}/gone`,
  ])
  expect(await reader.page.locator('main form').count()).toBe(0)
  expect(await findBarriers(reader.page.mainFrame())).toEqual([])
  await reader.context.close()

  receiver.answer((_, response) => void response.writeHead(204).end())
  await panel.getByRole('button', { name: 'Enable' }).click()
  await panel.getByText('active', { exact: true }).waitFor()
  await panel.getByRole('button', { name: 'Replay dead' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Replay dead' }).click()
  await panel.getByText('Events to send again: 1.').waitFor()
  await panel.getByRole('radio', { name: 'delivered' }).check()
  await untilListed(panel, 'delivered')
  await panel.getByRole('button', { name: `Replay ${event_id}` }).click()
  await receiver.waitFor(3, '/gone')
  await untilListed(panel, 'delivered')
  await panel.getByRole('button', { name: 'Replay recent' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('radio', { name: '1 day' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
  await panel.getByText('Events to send again: 1.').waitFor()
  const got = await receiver.waitFor(4, '/gone')
  expect(got.map(({ headers }) => headers['webhook-id'])).toEqual([event_id, event_id, event_id, event_id])
  expect(complaints).toEqual([])
  await context.close()
})
