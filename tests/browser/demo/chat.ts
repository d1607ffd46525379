import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { tryEverything } from './attempts.js'
import type { DemoBrowser } from './demo-browser.js'

export function describeChat(walk: () => DemoBrowser): void {
  describe('chat', () => {
    test('a guest who logs in keeps visitor and conversation, through a reload and in a second tab', async () => {
      const { page, complaints, context } = await walk().visit('/chat')
      await page.getByRole('button', { name: 'Chat', exact: true }).click()
      await say(page, 'Is there breakfast?')
      await widgetOf(page).getByText('Breakfast is served from half past five').waitFor()
      const visitor = page.locator('.scene-fact').filter({ hasText: 'talks as a guest' }).locator('code')
      const asGuest = await visitor.textContent()

      await page.getByRole('button', { name: 'Log in as Ada Lovelace' }).click()
      await page.getByText('talks as Ada Lovelace').waitFor()
      expect(await page.locator('.scene-fact code').textContent()).toBe(asGuest)
      await say(page, 'And my berth?')
      await widgetOf(page).getByText('Ada, you have berth B').waitFor()

      await page.reload()
      await widgetOf(page).getByText('Ada, you have berth B').waitFor()
      await widgetOf(page).getByText('Is there breakfast?').waitFor()

      const [second] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('link', { name: 'Open a second tab' }).click(),
      ])
      await widgetOf(second).getByText('Is there breakfast?').waitFor()
      expect(complaints).toEqual([])
      await context.close()
    })

    test('ends everywhere, and can be started again', async () => {
      const { page, context } = await walk().visit('/chat')
      await page.getByRole('button', { name: 'Chat', exact: true }).click()
      await page.getByRole('button', { name: 'Log in as Ada Lovelace' }).click()
      await page.getByText('talks as Ada Lovelace').waitFor()
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await say(page, 'Still there?')
      await widgetOf(page).getByText('This conversation was ended.').waitFor()
      await widgetOf(page).getByRole('button', { name: 'Start again' }).click()
      await widgetOf(page).getByLabel('Your message').waitFor()
      await context.close()
    })

    test('stops every attempt to break it', async () => {
      const { page, context } = await walk().visit('/chat')
      expect(await tryEverything(page)).toEqual({
        'Chat from an evil page': 'Stopped, HTTP 403',
        'Log in twice with one token': 'Stopped, HTTP 400',
        'Use a stolen refresh token': 'Stopped, HTTP 400',
        'Log in too late': 'Stopped, HTTP 400',
        'Log in with a session': 'Stopped, HTTP 400',
        'Become somebody else': 'Stopped, HTTP 200',
        'Look into another account': 'Stopped, HTTP 200',
      })
      await context.close()
    })
  })
}

const widgetOf = (page: Page) => page.frameLocator('iframe[title="Chat"]')

async function say(page: Page, text: string): Promise<void> {
  await widgetOf(page).getByLabel('Your message').fill(text)
  await widgetOf(page).getByRole('button', { name: 'Send' }).click()
}
