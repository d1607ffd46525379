import { createHallpassClient } from '@hallpass/client'
import { expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole } from './enter-console.js'
import { expectUsable } from './expect-usable.js'

const walk = useDemoBrowser()

test('declares a kind from the text of its file, changes it, and disables it', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const { page, complaints, context } = await enterConsole(walk(), '/console/kinds')
  await page.getByText('No kinds of your own yet.').waitFor()
  const declaration = { name: 'report-embed', title: 'A report', form: 'jwt', ttl_seconds: { default: 600, max: 3600 } }
  const field = page.getByLabel('Declaration', { exact: true })
  await field.fill('{"name":')
  await page.getByRole('alert').filter({ hasText: 'must be a JSON object' }).waitFor()
  await field.fill(JSON.stringify({ ...declaration, claims: { type: 'object', pattern: 'a' } }))
  await page.getByRole('button', { name: 'Declare' }).click()
  await page.getByRole('alert').filter({ hasText: 'claims.pattern is not an allowed keyword' }).waitFor()
  await field.fill(JSON.stringify(declaration))
  await page.getByRole('button', { name: 'Declare' }).click()
  const row = page.getByRole('row').filter({ hasText: 'A report' })
  await row.getByText('active, revision 1').waitFor()
  await row.getByText('report-embed A report').click()
  await row.getByText('"typ": "report-embed+jwt"').waitFor()
  await expectUsable(page)

  await row.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog')
  const changed = dialog.getByLabel('New declaration')
  await changed.fill((await changed.inputValue()).replace('"jwt"', '"opaque"'))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').waitFor()
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await changed.fill((await changed.inputValue()).replace('"opaque"', '"jwt"').replace('"max": 3600', '"max": 900'))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row.getByText('active, revision 2').waitFor()
  expect(await admin.kinds.get({ name: 'report-embed' })).toMatchObject({
    ttl_seconds: { max: 900 },
    title: 'A report',
  })

  await row.getByRole('button', { name: 'Disable' }).click()
  await dialog.getByText('It can’t be enabled again').waitFor()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('disabled').waitFor()
  expect(await row.getByRole('button').count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})
