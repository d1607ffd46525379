import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findBarriers, overhang } from '../support/find-barriers.js'

/** Fails if what the page shows is wider than a small or a large window, or has accessibility violations there. */
export async function expectUsable(page: Page): Promise<void> {
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    expect([width, await page.evaluate(overhang)]).toEqual([width, 0])
    expect(await findBarriers(page.mainFrame())).toEqual([])
  }
}
