import type { Locator, Page } from 'playwright-core'

/** The last step of the flow with this name. */
export const stepOf = (page: Page, name: string): Locator => page.locator('.flow-step').filter({ hasText: name }).last()

/** Tries to break something, and waits until it was stopped with this status. */
export async function tryAttempt(page: Page, title: string, status: number): Promise<void> {
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
  await card.getByRole('button').click()
  await card.getByText('Stopped', { exact: true }).waitFor()
  await card.getByText(`HTTP ${status}`).waitFor()
}
