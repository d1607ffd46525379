import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { useDemoBrowser } from './support/demo-browser.js'
import { tryEverything } from './support/try-everything.js'

const walk = useDemoBrowser()

describe('pay by bank', () => {
  test('is paid, goes to review, or can be tried again, depending on the sandbox outcome', async () => {
    const { page, complaints, context } = await walk().visit('/pay')
    await connect(await openWidget(page, 'active'))
    await page.getByRole('heading', { name: 'Paid. Thank you!' }).waitFor()
    await page.getByRole('button', { name: 'Back to the order' }).click()
    await connect(await openWidget(page, 'review'))
    await page.getByRole('heading', { name: 'Thank you. Almost there' }).waitFor()
    await page.getByRole('button', { name: 'Back to the order' }).click()
    const widget = await openWidget(page, 'rejected')
    await connect(widget, 'Try another account')
    await widget.getByRole('heading', { name: 'Choose your bank' }).waitFor()
    await stepOf(page, 'on-retry').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows each call, the claims and signature of its token, and the commands to repeat it', async () => {
    const { page, context } = await walk().visit('/pay')
    await openWidget(page, 'active')
    await stepOf(page, 'bridge.initialize').click()
    await page.getByText('"bridge_token"').waitFor()
    await page.getByRole('tab', { name: 'Token' }).click()
    await page.getByText(/Signature verified in this browser: ES256/).waitFor()
    await page.getByText('what it is for; nothing else accepts it').waitFor()
    await expect.poll(() => page.locator('.countdown').textContent()).toMatch(/^3:59:\d\d$/)
    await page.keyboard.press('ArrowRight')
    await page.getByText('POST /trpc/bridge.initialize').waitFor()
    await page.keyboard.press('ArrowRight')
    for (const line of ['/v1/bridge/initialize', 'hallpass.bridge.initialize({', 'hallpass bridge initialize']) {
      await page.locator('.copies').getByText(line).waitFor()
    }
    await context.close()
  })

  test('shows that the backend is unreachable, marks attempts as inconclusive, and recovers', async () => {
    const { page, context } = await walk().visit('/pay')
    await openWidget(page, 'active')
    await page.route('**/api/{operations,bridge}', (route) => route.abort())
    const attempt = page.locator('.attempt').filter({ hasText: 'Request another account’s customer' })
    await attempt.getByRole('button').click()
    await attempt.getByText('Inconclusive').waitFor()
    await page.locator('.flow-step').filter({ hasText: 'bridge.initialize' }).first().click()
    await page.getByRole('tab', { name: 'Copy' }).click()
    await page.getByText('The backend didn’t respond. Reopen this tab in a moment.').waitFor()
    await page.unroute('**/api/{operations,bridge}')
    await page.getByRole('tab', { name: 'Response' }).click()
    await page.getByRole('tab', { name: 'Copy' }).click()
    await page.locator('.copies').getByText('/v1/bridge/initialize').waitFor()
    await attempt.getByRole('button').click()
    await attempt.getByText('Stopped').waitFor()
    await context.close()
  })

  test('stops every attempt to break it', async () => {
    const { page, context } = await walk().visit('/pay')
    expect(await tryEverything(page)).toEqual({
      'Request another account’s customer': 'Stopped, HTTP 404',
      'Change the customer in a token': 'Stopped, HTTP 200',
      'Use it to log in to the chat': 'Stopped, HTTP 400',
      'Reuse an idempotency key': 'Stopped, HTTP 409',
      'Use it too late': 'Stopped, HTTP 200',
      'Use it after it was revoked': 'Stopped, HTTP 200',
    })
    await context.close()
  })
})

/** The last step of the flow with this name. */
const stepOf = (page: Page, name: string) => page.locator('.flow-step').filter({ hasText: name }).last()

async function openWidget(page: Page, outcome: string): Promise<FrameLocator> {
  await page.getByRole('radio', { name: outcome }).check()
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  const widget = page.frameLocator('iframe[title="Connect your bank"]')
  await widget.getByRole('heading', { name: 'Choose your bank' }).waitFor()
  return widget
}

async function connect(widget: FrameLocator, then = 'Continue'): Promise<void> {
  await widget.getByRole('button', { name: 'Juniper Trust' }).click()
  await widget.getByRole('button', { name: 'Allow and connect' }).click()
  await widget.getByRole('button', { name: then }).click()
}
