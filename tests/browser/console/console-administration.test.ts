import { createHallpassClient } from '@hallpass/client'
import { expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole } from './enter-console.js'

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

test('renames a child account, and disables it after a question', async () => {
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
