import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { post } from '@hallpass/demo/src/testing/start-demo.js'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { enterKey } from '../browser/console/enter-console.js'
import { type DemoBrowser, useDemoBrowser } from '../browser/demo/support/demo-browser.js'
import { findBarriers, overhang } from '../browser/support/find-barriers.js'

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const sizes = {
  360: { width: 360, height: 740 },
  768: { width: 768, height: 1000 },
  1280: { width: 1280, height: 900 },
} as const

/** What to do on each page before the screenshot, until it shows the result. The network may never be idle. */
const pages: Readonly<Record<string, (page: Page, walk: DemoBrowser) => Promise<unknown>>> = {
  overview: async () => undefined,
  pay: async (page) => {
    await page.getByRole('button', { name: /^Pay \$/ }).click()
    await page
      .frameLocator('iframe[title="Connect your bank"]')
      .getByRole('button', { name: 'Juniper Trust' })
      .waitFor()
    await openStep(page, 'bridge.initialize', 'Token')
  },
  chat: async (page) => {
    await page.getByRole('button', { name: 'Chat', exact: true }).click()
    const widget = page.frameLocator('iframe[title="Chat"]')
    await widget.getByLabel('Your message').fill('Is there breakfast?')
    await widget.getByRole('button', { name: 'Send' }).click()
    await widget.getByText('Breakfast is served').waitFor()
    await page.getByRole('button', { name: /^Log in as/ }).click()
    await page.getByText('chatting as Ada Lovelace').waitFor()
  },
  card: async (page) => {
    await page.getByRole('button', { name: 'Show the number' }).click()
    const widget = page.frameLocator('iframe[title="Card widget"]')
    await widget.getByRole('button', { name: 'Show the number' }).click()
    await widget.getByText('Security code').waitFor()
  },
  voice: async (page) => {
    await page.getByRole('button', { name: 'Call the keeper' }).click()
    const widget = page.frameLocator('iframe[title="Voice guide"]')
    await widget.getByRole('button', { name: 'Start the call' }).click()
    await widget.getByRole('button', { name: 'Hang up' }).waitFor()
    await page.getByText('The call has begun').waitFor()
  },
  own: async (page) => {
    await page.frameLocator('iframe[title="Was it good?"]').getByRole('radio', { name: '4' }).check()
    await page.getByText('4 of 5.').waitFor()
  },
}

/** The sections of the console, by the last part of their address, and what to do there. */
const sections: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  activity: async (page) => page.getByRole('img', { name: / calls, / }).waitFor(),
  accounts: async () => undefined,
  'secret-keys': async () => undefined,
  'client-keys': async (page) => page.getByLabel('Is this origin allowed?').fill('https://attacker.test'),
  customers: async () => undefined,
  cards: async () => undefined,
  kinds: async () => undefined,
  sessions: async () => undefined,
  'signing-keys': async () => undefined,
  webhooks: async () => undefined,
  refusals: async (page) => page.getByText('bridge.initialize').first().waitFor(),
  audit: async () => undefined,
  search: async () => undefined,
}

/** The sections with a picture in the documentation. */
const pictured = ['activity', 'client-keys', 'refusals']

const walk = useDemoBrowser()
beforeAll(() => {
  for (const name of ['demo', 'console']) mkdirSync(`${images}${name}`, { recursive: true })
})

test.each(Object.keys(pages))('%s', async (name) => {
  for (const [width, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await walk().visit(pathOf(name), { viewport, colorScheme })
      await pages[name]?.(page, walk())
      // the diagram is below the page there
      const isNarrow = viewport.width < 1280
      if (isNarrow) await showWhole(page, viewport.width)
      await page.evaluate('scrollTo(0, 0)')
      await page.screenshot({ path: `${images}demo/${name}-${colorScheme}-${width}.png`, fullPage: isNarrow })
      await context.close()
    }
  }
})

test('the console, whose sections are accessible at every size and in both color schemes', async () => {
  const { demo } = walk()
  // refused calls, so that the chart shows some
  for (let i = 0; i < 8; i++) await post(`${demo.demoUrl}/api/bridge`, { of: 'otherAccount' })
  for (const [width, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await walk().visit('/console', { viewport, colorScheme })
      await page.getByLabel('Keep me signed in').check()
      await enterKey(page, demo.shop.consoleKey)
      await page.getByRole('navigation', { name: 'Console' }).waitFor()
      for (const [section, prepare] of Object.entries(sections)) {
        await page.goto(`${demo.hallpassUrl}/console/${section}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await prepare(page)
        await expect.poll(() => page.getByText('Loading…').count(), { timeout: 10_000 }).toBe(0)
        expect([section, width, await findBarriers(page.mainFrame())]).toEqual([section, width, []])
        expect([section, width, await page.evaluate(overhang)]).toEqual([section, width, 0])
        if (pictured.includes(section))
          await page.screenshot({ path: `${images}console/${section}-${colorScheme}-${width}.png` })
        if (section === 'client-keys') await showSettings(page, `${images}console/settings-${colorScheme}-${width}.png`)
      }
      await context.close()
    }
  }
})

/** The settings of one client key, opened and checked like a section. */
async function showSettings(page: Page, path: string): Promise<void> {
  const panel = page.getByRole('article').first()
  for (const title of ['Add an issuer', 'Sessions and tokens', 'Name, agent and languages', 'Appearance']) {
    await panel.locator('summary').filter({ hasText: title }).click()
  }
  expect(await findBarriers(page.mainFrame())).toEqual([])
  expect(await page.evaluate(overhang)).toBe(0)
  await panel.screenshot({ path })
}

/** Makes the window as high as its page, because browsers don't render frames that were never visible. */
async function showWhole(page: Page, width: number): Promise<void> {
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
  await page.setViewportSize({ width, height })
  await Promise.all(page.frames().map((frame) => frame.evaluate(drawn)))
}

// evaluated in the page: after two frames, changes have been rendered
const drawn = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))'

const pathOf = (name: string) => (name === 'overview' ? '/' : `/${name}`)

async function openStep(page: Page, name: string, tab: string): Promise<void> {
  await page.locator('.flow-step').filter({ hasText: name }).last().click()
  await page.getByRole('tab', { name: tab }).click()
  await page.getByText(/Signature verified/).waitFor()
}
