import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { DemoBrowser } from './demo-browser.js'
import { stepOf, tryAttempt } from './flow-steps.js'

export function describePay(walk: () => DemoBrowser): void {
  describe('pay by bank', () => {
    test.each([
      ['active', 'Paid. Thank you!'],
      ['review', 'Thank you. Almost there'],
    ])('is paid when the sandbox answers %s', async (outcome, thanks) => {
      const { page, complaints, context } = await walk().visit('/pay')
      const widget = await openWidget(page, outcome)
      await connect(widget)
      await widget.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: thanks }).waitFor()
      await stepOf(page, 'on-paykey').waitFor()
      expect(complaints).toEqual([])
      await context.close()
    })

    test('shows the token in words, and that its signature is genuine', async () => {
      const { page, context } = await walk().visit('/pay')
      await openWidget(page, 'active')
      await stepOf(page, 'bridge.initialize').click()
      await page.getByRole('tab', { name: 'Token' }).click()
      await page.getByText(/Signature checked in this browser: EdDSA/).waitFor()
      await page.getByText('what it is for; it opens nothing else').waitFor()
      await page.getByRole('tab', { name: 'Copy' }).click()
      await page.getByText('hallpass bridge initialize').waitFor()
      await context.close()
    })

    test.each([
      ['Pay with a stranger’s bank', 404],
      ['Change whom it speaks for', 200],
      ['Use it to log in to the chat', 400],
      ['Replay a key with another order', 409],
      ['Use it after it was revoked', 200],
    ])('stops: %s', async (attempt, status) => {
      const { page, context } = await walk().visit('/pay')
      await tryAttempt(page, attempt, status)
      await context.close()
    })
  })
}

async function openWidget(page: Page, outcome: string) {
  await page.getByRole('radio', { name: outcome }).check()
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  const widget = page.frameLocator('iframe[title="Connect your bank"]')
  await widget.getByRole('heading', { name: 'Choose your bank' }).waitFor()
  return widget
}

async function connect(widget: ReturnType<Page['frameLocator']>): Promise<void> {
  await widget.getByRole('button', { name: 'Juniper Trust' }).click()
  await widget.getByRole('button', { name: 'Allow and connect' }).click()
}
