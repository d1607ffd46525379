import type { Page } from 'playwright-core'
import type { DemoBrowser, Visit } from '../demo/support/demo-browser.js'

/** Opens the console with a key that can administer the account. */
export async function enterConsole({ visit, demo }: DemoBrowser, path = '/console'): Promise<Visit> {
  const visited = await visit(path)
  await enterKey(visited.page, demo.shop.consoleKey)
  await visited.page.getByRole('navigation', { name: 'Console' }).waitFor()
  return visited
}

export async function enterKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('Secret key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export const openSection = (page: Page, section: string) =>
  page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: section }).click()
