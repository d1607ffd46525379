import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'
import { tryEverything } from './support/try-everything.js'

const walk = useDemoBrowser()

describe('chat', () => {
  test('a guest who logs in keeps the visitor id and the conversation, even after a reload', async () => {
    const { page, complaints, context } = await walk().visit('/chat')
    const widget = await openChat(page)
    await widget.getByText('Chatting as a guest').waitFor()
    await say(widget, 'Is there breakfast?')
    await widget.getByText('Breakfast is served from half past five, in carriage 3.').waitFor()
    const visitor = page.locator('.scene-fact').filter({ hasText: 'chatting as a guest' }).locator('code')
    const asGuest = await visitor.textContent()

    await logIn(page)
    expect(await page.locator('.scene-fact code').textContent()).toBe(asGuest)
    await say(widget, 'And my berth?')
    await widget.getByText('Ada, you have berth B').waitFor()

    await page.reload()
    await widget.getByText('Ada, you have berth B').waitFor()
    await widget.getByText('Is there breakfast?').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('two tabs share one conversation, and keep it when the guest logs in', async () => {
    const { page, context, complaints } = await walk().visit('/chat')
    const widget = await openChat(page)
    await say(widget, 'When is breakfast?')
    const [second] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Open a second tab' }).click(),
    ])
    const other = await openChat(second)
    await other.getByText('When is breakfast?').waitFor()
    await say(other, 'Is there a dog on board?')
    await widget.getByText('Is there a dog on board?').waitFor()

    await logIn(page)
    for (const each of [widget, other]) {
      await each.getByText('Chatting as Ada Lovelace').waitFor()
      await each.getByText('When is breakfast?').waitFor()
    }
    await say(widget, 'Who am I?')
    await widget.getByText('You are Ada Lovelace.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('ends everywhere after a revocation, and can be started again', async () => {
    const { page, context } = await walk().visit('/chat')
    const widget = await openChat(page)
    await logIn(page)
    await widget.getByText('Chatting as Ada Lovelace').waitFor()
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.locator('.flow-step code').filter({ hasText: 'admin.sessions.revoke' }).first().waitFor()
    await widget.getByText('This conversation has ended.').waitFor()
    await widget.getByRole('button', { name: 'Start again' }).click()
    await widget.getByLabel('Your message').waitFor()
    await context.close()
  })

  test('logging out takes effect at once: the widget forgets the user and the conversation', async () => {
    const { page, context } = await walk().visit('/chat')
    const widget = await openChat(page)
    await logIn(page)
    await say(widget, 'Who am I?')
    await widget.getByText('You are Ada Lovelace.').waitFor()
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('No visitor yet.').waitFor()
    await widget.getByText('This conversation has ended.').waitFor()
    expect(await widget.getByText('Ada Lovelace').count()).toBe(0)
    await widget.getByRole('button', { name: 'Start again' }).click()
    await widget.getByText('Chatting as a guest').waitFor()
    await context.close()
  })

  test('has no accessibility violations, in light and dark mode, at a width of 360 pixels', async () => {
    const { page, context } = await walk().visit('/chat', { viewport: { width: 360, height: 780 } })
    await say(await openChat(page), 'Where is my berth?')
    const frame = page.frame({ url: `${walk().demo.widgetsUrl}/chat**` })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findBarriers(frame)).toEqual([])
    }
    expect(await frame?.evaluate(overhang)).toBe(0)
    await context.close()
  })

  test('stops every attempt to break it', async () => {
    const { page, context } = await walk().visit('/chat')
    expect(await tryEverything(page)).toEqual({
      'Chat from an attacker’s page': 'Stopped, HTTP 403',
      'Log in twice with one token': 'Stopped, HTTP 400',
      'Use a stolen refresh token': 'Stopped, HTTP 400',
      'Log in too late': 'Stopped, HTTP 400',
      'Log in with a session token': 'Stopped, HTTP 400',
      'Impersonate a user': 'Stopped, HTTP 200',
      'Inspect it from another account': 'Stopped, HTTP 200',
    })
    await context.close()
  })
})

async function openChat(page: Page): Promise<FrameLocator> {
  // the chat opens by itself if the user is logged in
  const launcher = page.locator('.launcher')
  if ((await launcher.getAttribute('aria-expanded')) === 'false') await launcher.click()
  const widget = page.frameLocator('iframe[title="Chat"]')
  await widget.getByText('Chatting as').waitFor()
  return widget
}

async function say(widget: FrameLocator, text: string): Promise<void> {
  await widget.getByLabel('Your message').fill(text)
  await widget.getByRole('button', { name: 'Send' }).click()
  await widget.getByText(text).waitFor()
}

async function logIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Log in as Ada Lovelace' }).click()
  await page.getByText('chatting as Ada Lovelace').waitFor()
}
