import { post } from '@hallpass/demo/src/testing/start-demo.js'
import { describe, expect, test } from 'vitest'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'
import { tryEverything } from './support/try-everything.js'

const walk = useDemoBrowser()

describe('card', () => {
  test('shows a number once, hides it, and refuses the same token in a second tab', async () => {
    const { page, complaints, context } = await walk().visit('/card')
    const widget = page.frameLocator('iframe[title="Card widget"]')
    await page.getByRole('button', { name: 'Show the number' }).click()
    await widget.getByRole('button', { name: 'Show the number' }).click()
    const number = (await widget.locator('.card-secret').textContent()) ?? ''
    expect(number).toMatch(/^4000 \d{4} \d{4} 4242$/)
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Open the same token in a second tab' }).click(),
    ])
    await tab.getByRole('button', { name: 'Show the number' }).click()
    await tab.getByRole('alert').filter({ hasText: 'The widget token was already used.' }).waitFor()
    await widget.getByRole('button', { name: 'Hide now' }).click()
    await widget.getByRole('heading', { name: 'Hidden', exact: true }).waitFor()
    expect(await page.content()).not.toContain(number)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('activates a card, sets its PIN, and shows that PIN', async () => {
    const { page, complaints, context } = await walk().visit('/card')
    const widget = page.frameLocator('iframe[title="Card widget"]')
    await page.getByRole('button', { name: '··· 1881' }).click()
    await page.getByRole('button', { name: 'Activate the card' }).click()
    await widget.getByRole('button', { name: 'Activate' }).click()
    await widget.getByRole('heading', { name: 'Your card is active' }).waitFor()
    await page.getByRole('button', { name: 'Choose a PIN' }).click()
    await widget.getByLabel('New PIN').fill('4711')
    await widget.getByRole('button', { name: 'Set the PIN' }).click()
    await widget.getByRole('heading', { name: 'Your PIN is set' }).waitFor()
    await page.getByRole('button', { name: 'Show the PIN' }).click()
    await widget.getByRole('button', { name: 'Show the PIN' }).click()
    await widget.getByText('4711').waitFor()
    // the page never received the PIN
    expect(await page.content()).not.toContain('4711')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('works in a tab of its own, and removes the token from its address', async () => {
    const { demo, visit } = walk()
    const { body } = await post(`${demo.demoUrl}/api/card-token`)
    const { page, complaints, context } = await visit('/card')
    const opening = new URLSearchParams({ widget_token: body.answer.widget_token, widget_type: 'REVEAL' })
    await page.goto(`${demo.widgetsUrl}/card#${opening}`)
    await page.getByRole('button', { name: 'Show the number' }).click()
    await page.getByRole('heading', { name: 'Your card', exact: true }).waitFor()
    expect(page.url()).toBe(`${demo.widgetsUrl}/card`)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('has no accessibility violations, in light and dark mode, at a width of 360 pixels', async () => {
    const { page, context } = await walk().visit('/card', { viewport: { width: 360, height: 780 } })
    const widget = page.frameLocator('iframe[title="Card widget"]')
    const expectNoBarriers = async () => {
      const frame = page.frame({ url: `${walk().demo.widgetsUrl}/card**` })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await findBarriers(frame)).toEqual([])
      }
      expect(await frame?.evaluate(overhang)).toBe(0)
    }
    await page.getByRole('button', { name: 'Show the number' }).click()
    await widget.getByRole('button', { name: 'Show the number' }).waitFor()
    await expectNoBarriers()
    await widget.getByRole('button', { name: 'Show the number' }).click()
    await widget.getByText('Security code').waitFor()
    await expectNoBarriers()
    await page.getByRole('button', { name: 'Choose a PIN' }).click()
    await widget.getByLabel('New PIN').waitFor()
    await expectNoBarriers()
    await context.close()
  })

  test('stops every attempt to break it', async () => {
    const { page, context } = await walk().visit('/card')
    expect(await tryEverything(page)).toEqual({
      'Redeem it twice': 'Stopped, HTTP 422',
      'Use it for another widget': 'Stopped, HTTP 422',
      'Guess a token': 'Stopped, HTTP 404',
      'Redeem it too late': 'Stopped, HTTP 422',
      'Request another account’s card': 'Stopped, HTTP 404',
      'Redeem it from another account': 'Stopped, HTTP 404',
      'Reuse an idempotency key': 'Stopped, HTTP 422',
    })
    await context.close()
  })
})
