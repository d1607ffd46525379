import { createHallpassClient } from '@hallpass/client'
import { expect, test } from 'vitest'
import { useDemoBrowser } from '../demo/support/demo-browser.js'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole } from './enter-console.js'
import { expectUsable } from './expect-usable.js'

const walk = useDemoBrowser()

test('declares a kind in fields and as JSON, changes it, and disables it', async () => {
  const { hallpassUrl, shop } = walk().demo
  const { admin } = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.consoleKey })
  const { page, complaints, context } = await enterConsole(walk(), '/console/kinds')
  const field = (label: string) => page.getByLabel(label, { exact: true })
  const isDescribed = async (label: string, issue: string) => {
    const described = page.locator('small', { hasText: issue })
    await described.waitFor()
    expect(await field(label).getAttribute('aria-describedby')).toBe(await described.getAttribute('id'))
    expect(await field(label).getAttribute('aria-invalid')).toBe('true')
  }
  const declare = () => page.getByRole('button', { name: 'Declare' }).click()
  await field('Name').fill('report-embed')
  await field('Title').fill('A report')
  await field('Lifetime').fill('600')
  await field('Longest lifetime').fill('60')
  await field('Actions').fill('view, export')
  await page.getByRole('checkbox', { name: 'client_key' }).check()
  await field('Claims').fill('{"type":')
  await page.getByRole('alert').filter({ hasText: 'must be a JSON object' }).waitFor()
  await field('Claims').fill('{"type":"object","pattern":"a"}')
  await declare()
  await isDescribed('Claims', 'claims.pattern is not an allowed keyword')
  await isDescribed('Longest lifetime', 'ttl_seconds.max must be at least the default.')
  expect(await field('Lifetime').getAttribute('aria-invalid')).toBe('false')
  await expectUsable(page)
  await field('Longest lifetime').fill('3600')
  await page.getByRole('radio', { name: 'JSON' }).check()
  const written = JSON.parse(await field('Declaration').inputValue())
  expect(written).toMatchObject({ name: 'report-embed', ttl_seconds: { max: 3600 }, actions: ['view', 'export'] })
  await field('Declaration').fill(JSON.stringify({ ...written, claims: null, uses: 3 }))
  await page.getByRole('radio', { name: 'fields' }).check()
  expect([await field('Claims').inputValue(), await field('Uses').inputValue()]).toEqual(['', '3'])
  await declare()
  const row = page.getByRole('row').filter({ hasText: 'A report' })
  await row.getByText('active, revision 1').waitFor()
  await row.getByText('report-embed A report').click()
  await row.getByText('"typ": "report-embed+jwt"').waitFor()
  await expectUsable(page)

  await row.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByLabel('Name', { exact: true }).count()).toBe(0)
  await dialog.getByRole('radio', { name: 'JSON' }).check()
  const changed = dialog.getByLabel('Declaration')
  await changed.fill((await changed.inputValue()).replace('"jwt"', '"opaque"'))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').waitFor()
  await changed.fill((await changed.inputValue()).replace('"opaque"', '"jwt"'))
  await dialog.getByRole('radio', { name: 'fields' }).check()
  await dialog.getByLabel('Longest lifetime').fill('900')
  expect(await findBarriers(page.mainFrame())).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row.getByText('active, revision 2').waitFor()
  expect(await admin.kinds.get({ name: 'report-embed' })).toMatchObject({
    ttl_seconds: { default: 600, max: 900 },
    title: 'A report',
    uses: 3,
    actions: ['view', 'export'],
    minted_by: ['secret_key', 'client_key'],
  })

  await row.getByRole('button', { name: 'Disable' }).click()
  await dialog.getByText('It can’t be enabled again').waitFor()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('disabled').waitFor()
  expect(await row.getByRole('button').count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})
