import { createHallpassClient } from '@hallpass/client'
import { describe, expect, test } from 'vitest'
import { expectBelow } from '../../system/support/time/slowness.js'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { enterConsole, enterKey, openSection } from './enter-console.js'
import { startUnsteadyServer } from './unsteady-server.js'

const walk = useDemoBrowser()

/** `npm run screenshots` checks each section at each of these. Here, the sections take turns. */
const looks = [
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 768, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light' },
] as const

async function readingKey(): Promise<string> {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  return (await admin.apiKeys.create({ name: 'support', scopes: ['admin:read'] })).secret
}

test('every section fits at 360, 768 and 1280 pixels, and is accessible in light and dark', async () => {
  const { page, complaints, origins, context } = await walk().visit('/console')
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await enterKey(page, walk().demo.shop.consoleKey)
  const links = page.getByRole('navigation', { name: 'Console' }).getByRole('link')
  await links.first().waitFor()
  for (const [turn, link] of (await links.all()).entries()) {
    await link.click()
    await page.waitForLoadState('networkidle')
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      expect([page.url(), width, await page.evaluate(overhang)]).toEqual([page.url(), width, 0])
    }
    const { width, colorScheme } = looks[turn % looks.length] ?? looks[0]
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    expect([page.url(), await findBarriers(page.mainFrame())]).toEqual([page.url(), []])
  }
  expect(complaints).toEqual([])
  expect([...origins]).toEqual([walk().demo.hallpassUrl])
  await context.close()
})

describe('addresses', () => {
  test('a deep link opens its section and filter; Back, Forward and reload keep them', async () => {
    const { page, context } = await walk().visit('/console/customers?q=lovelace')
    await page.getByLabel('Keep me signed in').check()
    await enterKey(page, walk().demo.shop.consoleKey)
    const heading = page.getByRole('heading', { level: 1 })
    await page.getByRole('status').filter({ hasText: '1 of' }).waitFor()
    await openSection(page, 'Audit')
    expect([await heading.textContent(), await page.title()]).toEqual(['Audit', expect.stringMatching(/^Audit · /)])
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.goBack()
    await page.getByRole('heading', { name: 'Customers' }).waitFor()
    expect(await page.getByLabel('Filter').inputValue()).toBe('lovelace')
    await page.goForward()
    await page.getByRole('heading', { name: 'Audit' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Audit' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.reload()
    await page.getByLabel('Secret key').waitFor()
    await context.close()
  })

  test('search leads from an id or a secret to its section, and no secret gets into the address', async () => {
    const { page, context } = await enterConsole(walk(), '/console/search')
    const { consoleKey, customer } = walk().demo.shop
    const search = async (text: string) => {
      await page.getByLabel('Id, key or Request-Id').fill(text)
      await page.getByRole('button', { name: 'Search' }).click()
    }
    await search(consoleKey)
    await page.getByText('Secret key ').getByRole('link').waitFor()
    expect(page.url()).not.toContain(consoleKey)
    await search('nothing-has-this-id')
    await page.getByText('Nothing in this account has this id or key.').waitFor()
    await search(customer.id)
    await page.getByRole('link', { name: customer.id }).click()
    await page.getByRole('row').filter({ hasText: customer.id }).waitFor()
    await context.close()
  })
})

test('a key with admin:read sees everything and no control that changes something', async () => {
  const { page, complaints, context } = await walk().visit('/console')
  await enterKey(page, await readingKey())
  await page.getByLabel('Signed in').getByText('read-only').waitFor()
  for (const name of [
    'Accounts',
    'Secret keys',
    'Client keys',
    'Customers',
    'Cards',
    'Kinds',
    'Sessions',
    'Webhooks',
  ]) {
    await openSection(page, name)
    await page.getByText('This key can only read.').waitFor()
    await page.waitForLoadState('networkidle')
    const controls = page.locator('main').locator('select, form, button:not(:has-text("Switch to"))')
    expect([name, await controls.allTextContents()]).toEqual([name, []])
  }
  await openSection(page, 'Signing keys')
  await page.getByText('with a key that has the scope host').waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('a key sees what it can grant, and can’t change keys that may do more', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const { secret } = await admin.apiKeys.create({ name: 'narrow', scopes: ['admin', 'bridge:write'] })
  const { page, context } = await walk().visit('/console/secret-keys')
  await enterKey(page, secret)
  await page.getByText('Yours can grant: bridge:write, admin:read, admin.').waitFor()
  expect(await page.getByRole('checkbox', { name: 'cards:write' }).isDisabled()).toBe(true)
  const own = page.getByRole('row').filter({ hasText: 'this key' })
  await own.getByRole('button', { name: 'Rotate' }).waitFor()
  await page.getByText('Needs a key with').first().waitFor()
  await context.close()
})

test('a change of the allowed origins first shows what it would have done to past calls', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const agent = { id: 'agent_1', display_name: 'Ada' }
  const origin_allowlist = ['https://old.example']
  const { client_key } = await admin.clientKeys.create({ name: 'moving', origin_allowlist, agent })
  for (const Origin of ['https://old.example', 'https://new.example', 'https://new.example']) {
    await fetch(`${hallpassUrl}/api/v1/widget/config?client_key=${client_key}`, { headers: { Origin } })
  }
  const { page, context } = await enterConsole(walk(), '/console/client-keys?q=moving')
  await page.getByLabel('Origin to add to moving').fill('new.example')
  const effect = page.getByRole('status', { name: 'Effect on past calls' })
  await effect.filter({ hasText: 'This would have allowed 2 calls from 1 origin' }).waitFor()
  await page.getByText('Calls of the last 24 hours by origin').click()
  await page.getByRole('button', { name: 'Allow https://new.example' }).click()
  await page.getByRole('button', { name: 'Remove https://new.example from moving' }).waitFor()
  await page.getByRole('button', { name: 'Remove https://old.example from moving' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('This would have refused 1 call from 1 origin and allowed 2 calls from 1 origin').waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove https://old.example from moving' }).waitFor({ state: 'detached' })
  await context.close()
})

test('a key of a parent account can switch to a child account, and the header says which', async () => {
  const { page, context } = await enterConsole(walk(), '/console/accounts')
  await page.getByLabel('Name').fill('Acme Kids')
  await page.getByLabel('Tenant label').fill('9_9')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('button', { name: 'Switch to Acme Kids' }).click()
  const header = page.getByLabel('Signed in')
  await header.getByText('Acme Kids').waitFor()
  await openSection(page, 'Customers')
  await page.getByText('No customers yet.').waitFor()
  await header.getByRole('button', { name: /^Back to/ }).click()
  await page.getByRole('row').nth(1).waitFor()
  await context.close()
})

test('works with the keyboard alone', async () => {
  const { page, context } = await walk().visit('/console')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await page.getByLabel('Secret key').focus()
  await page.keyboard.type(walk().demo.shop.consoleKey)
  await press('Enter')
  await page.getByRole('heading', { name: 'Activity' }).waitFor()
  await page.evaluate('document.activeElement?.blur()')
  await press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
  await page.getByRole('link', { name: 'Secret keys' }).focus()
  await press('Enter')
  await page.getByRole('heading', { name: 'Secret keys' }).waitFor()
  await page.getByLabel('Name').focus()
  await page.keyboard.type('by keyboard')
  await page.getByRole('checkbox', { name: 'cards:write' }).focus()
  await press('Space')
  await page.getByRole('button', { name: 'Create', exact: true }).focus()
  await press('Enter')
  await page.getByRole('dialog').waitFor()
  expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true)
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('row').filter({ hasText: 'by keyboard' }).waitFor()
  await context.close()
})

test('a server that hangs, dies and returns: said within 3 seconds, retried, continued', async () => {
  const server = await startUnsteadyServer(walk().demo.hallpassUrl)
  const { page, context } = await walk().visit('/console')
  await page.goto(`${server.url}/console/customers`)
  await enterKey(page, walk().demo.shop.consoleKey)
  await page.getByRole('row').nth(1).waitFor()
  const notice = page.getByRole('status', { name: 'Connection to Hallpass' })
  server.hang()
  const since = performance.now()
  await openSection(page, 'Cards')
  await notice.filter({ hasText: 'hasn’t answered' }).waitFor()
  expectBelow(performance.now() - since, 3_000)
  server.goOn()
  await notice.filter({ hasText: 'answers again' }).waitFor()
  await page.getByText('Ends in 4242').waitFor()
  await server.die()
  await openSection(page, 'Customers')
  await notice.filter({ hasText: 'can’t be reached' }).waitFor({ timeout: 3_000 })
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await server.comeBack()
  await page.getByRole('row').nth(1).waitFor()
  await notice.filter({ hasText: 'answers again' }).waitFor()
  await context.setOffline(true)
  await notice.filter({ hasText: 'offline' }).waitFor()
  await context.setOffline(false)
  await notice.filter({ hasText: 'answers again' }).waitFor()
  await context.close()
  await server.stop()
})
