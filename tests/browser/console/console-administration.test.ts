import { createHallpassClient } from '@hallpass/client'
import { expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { enterConsole, enterKey } from './enter-console.js'

const walk = useDemoBrowser()

test('observes the origins of a new client key, allows one with a click, and ends the rest', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const agent = { id: 'agent_1', display_name: 'Ada' }
  const { id: client_key_id, client_key } = await admin.clientKeys.create({ name: 'observed', agent })
  const { page, complaints, context } = await enterConsole(walk(), `/console/client-keys?q=${client_key_id}`)
  await page.getByRole('button', { name: 'Observe for 24 hours' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Observe for 24 hours' }).click()
  await page.getByText('No origins to decide about.').waitFor()
  for (const Origin of ['https://ours.example', 'https://theirs.example']) {
    const headers = { Origin, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ client_key })
    await fetch(`${hallpassUrl}/api/v1/widget/auth/guest`, { method: 'POST', headers, body })
  }
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByRole('button', { name: 'Allow observed https://ours.example' }).click()
  await page.getByRole('button', { name: 'Remove https://ours.example from observed' }).waitFor()
  await page.getByRole('button', { name: 'Allow observed https://theirs.example' }).waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('button', { name: 'End observe mode' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End observe mode' }).click()
  await page.getByRole('button', { name: 'Observe for 24 hours' }).waitFor()
  expect((await admin.clientKeys.try({ client_key_id })).unlisted_origins).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
})

test('renames and limits a child account, and disables it after a question', async () => {
  const { page, complaints, context } = await enterConsole(walk(), '/console/accounts')
  await page.getByLabel('Name').fill('Branch')
  await page.getByLabel('Tenant label').fill('9_10')
  await page.getByRole('button', { name: 'Create' }).click()
  const row = page.getByRole('row').filter({ hasText: '9_10' })
  await row.getByRole('button', { name: 'Rename' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByLabel('New name').fill('Branch North')
  await page.getByRole('button', { name: 'Save' }).click()
  await row.getByText('Branch North').first().waitFor()
  await row.getByRole('button', { name: 'Limits' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByLabel('Calls per second', { exact: true }).fill('7')
  await page.getByRole('button', { name: 'Save' }).click()
  await row.getByRole('cell', { name: '7', exact: true }).waitFor()
  await row.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('dialog').getByText('all of its tokens and sessions end').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await row.getByText('disabled').waitFor()
  await row.getByRole('button', { name: 'Enable' }).waitFor()
  const own = page.getByRole('row').filter({ hasText: 'this account' })
  expect(await own.getByRole('button', { name: 'Disable' }).count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})

test('trusts an identity provider, changes and removes it; a key that only reads sees it', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const agent = { id: 'agent_1', display_name: 'Ada' }
  const { id } = await admin.clientKeys.create({ name: 'federated', agent })
  const read = async () => (await admin.clientKeys.list({ limit: 100 })).data.find((key) => key.id === id)
  const { page, complaints, context } = await enterConsole(walk(), `/console/client-keys?q=${id}`)

  await page.getByText('Add an issuer').click()
  const form = page.locator('details').filter({ hasText: 'Add issuer' })
  await form.getByLabel('Issuer', { exact: true }).fill('https://login.example.com')
  await form.getByLabel('Audience').fill('shop-web')
  await form.getByRole('button', { name: 'Add issuer' }).click()
  await page.getByText('must have jwks_uri or jwks').waitFor()
  await form.getByLabel('Public keys').fill('{"keys":')
  await form.getByRole('button', { name: 'Add issuer' }).click()
  await form.getByRole('alert').filter({ hasText: 'must be a JSON object' }).waitFor()
  await form.getByLabel('Public keys').fill('')
  await form.getByLabel('URL of its keys').fill('https://login.example.com/keys')
  await form.getByLabel('Claims that become traits').fill('plan, country')
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    expect([width, await page.evaluate(overhang)]).toEqual([width, 0])
    expect(await findBarriers(page.mainFrame())).toEqual([])
  }
  await form.getByRole('button', { name: 'Add issuer' }).click()

  await page.getByText('https://login.example.com', { exact: true }).click()
  const added = page.locator('details').filter({ hasText: 'Save issuer' })
  await added.getByLabel('Accepted for').fill('600')
  await added.getByRole('button', { name: 'Save issuer' }).click()
  await expect
    .poll(async () => (await read())?.trusted_issuers)
    .toEqual([
      {
        issuer: 'https://login.example.com',
        jwks_uri: 'https://login.example.com/keys',
        audience: 'shop-web',
        subject_claim: 'sub',
        claims: { traits: ['plan', 'country'] },
        max_age: 600,
      },
    ])

  await page.getByText('Sessions and tokens').click()
  const sessions = page.locator('details').filter({ hasText: 'Save sessions' })
  await sessions.getByLabel('Algorithm').selectOption('RS256')
  await sessions.getByLabel('Bound to the browser').selectOption('prefer')
  await sessions.getByLabel('Audience').fill('gateway')
  await sessions.getByLabel('Token type').selectOption('at+jwt')
  await sessions.getByLabel('Guests per minute').fill('7')
  await sessions.getByRole('button', { name: 'Save sessions' }).click()
  await sessions.getByText('Saved.').waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  expect(await read()).toMatchObject({
    bind: 'prefer',
    session_token: { audience: 'gateway', typ: 'at+jwt', alg: 'RS256' },
    rate_limit: { guest_per_minute: 7 },
  })

  const { secret } = await admin.apiKeys.create({ name: 'support', scopes: ['admin:read'] })
  const reader = await walk().visit(`/console/client-keys?q=${id}`)
  await enterKey(reader.page, secret)
  const facts = reader.page.getByRole('definition')
  for (const fact of ['https://login.example.com/keys', '600 seconds', 'gateway', 'RS256', 'at+jwt']) {
    await facts.filter({ hasText: fact }).first().waitFor()
  }
  expect(await reader.page.locator('main').locator('select, form').count()).toBe(0)
  expect(await findBarriers(reader.page.mainFrame())).toEqual([])
  await reader.context.close()

  await page.getByText('https://login.example.com', { exact: true }).click()
  await added.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect.poll(async () => (await read())?.trusted_issuers ?? []).toEqual([])
  // the browser reports the response to the incomplete form
  expect(complaints.filter((complaint) => !complaint.includes('422'))).toEqual([])
  await context.close()
})
