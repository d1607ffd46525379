import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { findBarriers } from '../support/find-barriers.js'
import type { DemoBrowser } from './demo-browser.js'

async function openChat(page: Page): Promise<FrameLocator> {
  // it is open already for whoever is logged in
  const launcher = page.locator('.launcher')
  if ((await launcher.getAttribute('aria-expanded')) === 'false') await launcher.click()
  const widget = page.frameLocator('iframe[title="Chat"]')
  await widget.getByText('You talk as').waitFor()
  return widget
}

async function say(widget: FrameLocator, text: string): Promise<void> {
  await widget.getByLabel('Your message').fill(text)
  await widget.getByRole('button', { name: 'Send' }).click()
  await widget.getByText(text).waitFor()
}

export function describeChatWidget(walk: () => DemoBrowser): void {
  describe('the chat widget', () => {
    test('two tabs hold one conversation, and keep it when the guest logs in', async () => {
      const { page, context, complaints } = await walk().visit('/chat')
      const widget = await openChat(page)
      await widget.getByText('You talk as a guest').waitFor()
      await say(widget, 'When is breakfast?')
      await widget.getByText('Breakfast is served from half past five, in carriage 3.').waitFor()

      const second = await context.newPage()
      await second.goto(`${walk().demo.demoUrl}/chat`)
      const other = await openChat(second)
      await other.getByText('When is breakfast?').waitFor()
      await say(other, 'Is there a dog on board?')
      await widget.getByText('Is there a dog on board?').waitFor()

      await page.getByRole('button', { name: /^Log in as/ }).click()
      for (const each of [widget, other]) {
        await each.getByText('You talk as Ada Lovelace').waitFor()
        await each.getByText('When is breakfast?').waitFor()
      }
      await say(widget, 'Who am I?')
      await widget.getByText('You are Ada Lovelace.').waitFor()
      expect(complaints).toEqual([])
      await context.close()
    })

    test('sign out everywhere ends it; starting again begins a new one', async () => {
      const { page, context } = await walk().visit('/chat')
      const widget = await openChat(page)
      await page.getByRole('button', { name: /^Log in as/ }).click()
      await widget.getByText('You talk as Ada Lovelace').waitFor()
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await page.locator('.flow-step code').filter({ hasText: 'admin.sessions.revoke' }).first().waitFor()
      await widget.getByLabel('Your message').fill('Still there?')
      await widget.getByRole('button', { name: 'Send' }).click()
      await widget.getByRole('button', { name: 'Start again' }).click()
      await widget.getByLabel('Your message').waitFor()
      await context.close()
    })

    test('nothing in it keeps people from using it', async () => {
      const { page, context } = await walk().visit('/chat', { colorScheme: 'dark' })
      const widget = await openChat(page)
      await say(widget, 'Where is my berth?')
      const frame = page.frame({ url: `${walk().demo.widgetsUrl}/chat**` })
      expect(await findBarriers(frame)).toEqual([])
      await context.close()
    })
  })
}
