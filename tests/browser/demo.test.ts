import { type BuiltPages, buildPages } from '@hallpass/demo/src/testing/build-pages.js'
import { startDemo, type TestDemo } from '@hallpass/demo/src/testing/start-demo.js'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './support/launch-browser.js'

describe('the demo page in a browser', () => {
  let browser: Browser
  let demo: TestDemo
  let pages: BuiltPages

  beforeAll(async () => {
    pages = await buildPages()
    demo = await startDemo(pages)
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await pages?.remove()
  })

  test('walks every step to the end without a script error', async () => {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(demo.demoUrl)
    await page.getByRole('button', { name: 'Run every step' }).click()
    const done = page
      .getByRole('status')
      .filter({ hasText: /^(\d+) of \1 steps\. .*: (Done|Refused, as it should be)\.$/ })
    await done.waitFor()
    expect(errors).toEqual([])
  })
})
