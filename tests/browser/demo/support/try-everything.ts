import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Runs every attempt of "Try to break it" at once, since some wait for a token to expire, and returns their results. */
export async function tryEverything(page: Page): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {}
  const cards = await page.locator('.attempt').all()
  for (const card of cards) await card.getByRole('button').click()
  for (const card of cards) {
    await card.locator('.stamp').waitFor()
    const [title, stamp, line] = await Promise.all(
      ['h3', '.stamp', '.attempt-result b'].map((part) => textOf(card.locator(part))),
    )
    outcomes[title ?? ''] = `${stamp}, ${line}`
    // names the control in a sentence
    expect(await textOf(card.locator('.verdict'))).toMatch(/\w{3,}.*\.$/s)
  }
  return outcomes
}

const textOf = async (part: Locator) => ((await part.textContent()) ?? '').trim()
