import { createHallpassClient } from '@hallpass/client'
import { expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers, overhang } from '../support/find-barriers.js'
import { enterConsole, enterKey, openSection } from './enter-console.js'
import { expectUsable } from './expect-usable.js'

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
  await expectUsable(page)
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
  await sessions.getByLabel('Algorithm').selectOption('EdDSA')
  await sessions.getByLabel('Bound to the browser').selectOption('prefer')
  await sessions.getByLabel('Audience').fill('gateway')
  await sessions.getByLabel('Token type').selectOption('at+jwt')
  await sessions.getByLabel('Guests per minute').fill('7')
  await sessions.getByRole('button', { name: 'Save sessions' }).click()
  await sessions.getByText('Saved.').waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  expect(await read()).toMatchObject({
    bind: 'prefer',
    session_token: { audience: 'gateway', typ: 'at+jwt', alg: 'EdDSA' },
    rate_limit: { guest_per_minute: 7 },
  })

  const { secret } = await admin.apiKeys.create({ name: 'support', scopes: ['admin:read'] })
  const reader = await walk().visit(`/console/client-keys?q=${id}`)
  await enterKey(reader.page, secret)
  const facts = reader.page.getByRole('definition')
  for (const fact of ['https://login.example.com/keys', '600 seconds', 'gateway', 'EdDSA', 'at+jwt']) {
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

test('changes the name, agent, languages, logo and own texts of a client key', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const agent = { id: 'agent_1', display_name: 'Ada' }
  const { id } = await admin.clientKeys.create({ name: 'before', agent })
  const read = async () => (await admin.clientKeys.list({ limit: 100 })).data.find((key) => key.id === id)
  const { page, complaints, context } = await enterConsole(walk(), `/console/client-keys?q=${id}`)
  await page.getByText('Name, agent and languages').click()
  await page.getByLabel('Key name').fill('after')
  await page.getByLabel('Agent name').fill('Grace')
  await page.getByLabel('Agent id').fill('agent_2')
  await page.getByLabel('Agent picture').fill('https://shop.example/grace.png')
  await page.getByLabel('Language', { exact: true }).fill('pt_BR')
  await page.getByLabel('Supported languages').fill('pt-BR, en')
  await page.getByRole('button', { name: 'Save details' }).click()
  await page.getByRole('heading', { name: 'after' }).waitFor()
  expect(await read()).toMatchObject({
    name: 'after',
    agent: { id: 'agent_2', display_name: 'Grace', avatar_url: 'https://shop.example/grace.png' },
    locale: 'pt-BR',
    supported_locales: ['pt-BR', 'en'],
  })
  await page.getByText('Appearance', { exact: true }).click()
  const appearance = page.locator('details').filter({ hasText: 'Save appearance' })
  const save = async () => {
    await appearance.getByRole('button', { name: 'Save appearance' }).click()
    await appearance.getByText('Saved.').waitFor()
  }
  await appearance.getByLabel('Logo').fill('https://shop.example/logo.svg')
  await appearance.getByLabel('Other texts').fill('["closed"]')
  await appearance.getByRole('button', { name: 'Save appearance' }).click()
  await appearance.getByRole('alert').filter({ hasText: 'must be a JSON object' }).waitFor()
  await appearance.getByLabel('Other texts').fill('{"closed": "Back at 9."}')
  await save()
  expect(await read()).toMatchObject({
    branding: { logo_url: 'https://shop.example/logo.svg' },
    copy: { closed: 'Back at 9.' },
  })
  await appearance.getByLabel('Logo').fill('')
  await save()
  expect((await read())?.branding).not.toHaveProperty('logo_url')
  for (const [width, colorScheme] of [
    [360, 'light'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    expect([width, await page.evaluate(overhang)]).toEqual([width, 0])
    expect(await findBarriers(page.mainFrame())).toEqual([])
  }
  expect(complaints).toEqual([])
  await context.close()
})

test('adds a customer and a card, edits both, and ends what a secret key minted', async () => {
  const { page, complaints, context } = await enterConsole(walk(), '/console/customers')
  const customer = crypto.randomUUID()
  await page.getByLabel('Name').fill('Mary')
  await page.getByLabel('Customer id').fill(customer)
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('button', { name: 'Rename Mary' }).click()
  await page.getByLabel('New name').fill('Mary Shelley')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row').filter({ hasText: customer }).getByText('Mary Shelley').first().waitFor()

  await openSection(page, 'Cards')
  await page.getByLabel('Customer id').fill(customer)
  await page.getByLabel('Last four digits').fill('1818')
  await page.getByRole('button', { name: 'Add' }).click()
  const card = page.getByRole('row').filter({ hasText: customer })
  await card.getByRole('button', { name: 'Edit the card 1818' }).click()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('dialog').getByLabel('Last four digits').fill('1819')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await card.getByText('Ends in 1819').waitFor()

  await openSection(page, 'Secret keys')
  await page.getByLabel('Name').fill('contractor')
  await page.getByLabel('Days until it expires').fill('30')
  await page.getByRole('checkbox', { name: 'cards:write' }).check()
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  const key = page.getByRole('row').filter({ hasText: 'contractor' })
  await key.getByText('expires').waitFor()
  await key.getByRole('button', { name: 'Disable' }).click()
  await page
    .getByRole('dialog')
    .getByRole('checkbox', { name: /^End every token/ })
    .check()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await key.getByText('disabled').waitFor()
  await openSection(page, 'Audit')
  await page.getByRole('row').filter({ hasText: 'revoke_minted' }).first().waitFor()

  await openSection(page, 'Sessions')
  await page.getByRole('radio', { name: 'Customer' }).check()
  await page.getByLabel('customer_id').fill(customer)
  await page.getByRole('button', { name: 'End sessions' }).click()
  await page.getByText(/of this customer from before .* have ended\./).waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
})
