import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { findBarriers } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'

const paths = ['/', '/pay', '/chat', '/card', '/own']
const scriptBudgetBytes = 120_000

const walk = useDemoBrowser()

test.each(paths)('%s is accessible, calls no other origin, has no layout shift, and is small', async (path) => {
  const { demo } = walk()
  const { page, origins, complaints, context } = await walk().visit(path, { viewport: { width: 360, height: 780 } })
  await page.waitForLoadState('networkidle')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await findBarriers(page.mainFrame())).toEqual([])
  }
  // no horizontal overflow
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  const own = [demo.demoUrl, demo.hallpassUrl, demo.widgetsUrl]
  expect([...origins].filter((origin) => !own.includes(origin))).toEqual([])
  expect(complaints).toEqual([])
  expect(await page.evaluate(shiftSoFar)).toBeLessThan(0.02)
  expect(scriptBytes(await page.evaluate(ownScripts))).toBeLessThanOrEqual(scriptBudgetBytes)
  await context.close()
})

test('an address without a page is a page that says so', async () => {
  const { page, context } = await walk().visit('/no/such/page')
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('link', { name: 'Start with a payment' }).click()
  await page.getByText('Try first: Press “Pay”').waitFor()
  await context.close()
})

test('a backend that hangs is noticed within 3 seconds, and so is its return', async () => {
  const { page, context } = await walk().visit('/pay')
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await page.route('**/api/bridge', async (route) => {
    await held
    await route.continue()
  })
  await page.route('**/api/settings', async (route) => {
    await held
    await route.continue()
  })
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  const notice = page.getByRole('status', { name: 'Connection to The shop’s backend' })
  await notice.filter({ hasText: 'hasn’t answered for 2 seconds' }).waitFor({ timeout: 3_000 })
  goOn()
  await notice.filter({ hasText: 'answers again' }).waitFor()
  await context.close()
})

test('the policy of every page forbids inline scripts and styles', async () => {
  for (const path of paths) {
    const response = await fetch(walk().demo.demoUrl + path)
    expect(response.status).toBe(200)
    const policy = response.headers.get('Content-Security-Policy')
    expect(policy).toContain("default-src 'self';")
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
  }
})

// evaluated in the page, so they are strings
const ownScripts = `performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname.endsWith('.js')).map(({ pathname }) => pathname)`
const shiftSoFar = `new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) sum += value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(sum), 100)
})`

function scriptBytes(scripts: unknown): number {
  const names = scripts as readonly string[]
  expect(names.length).toBeGreaterThan(0)
  const sizes = [...new Set(names)].map(
    (name) => gzipSync(readFileSync(join(inject('demoPages').webFolder, name))).length,
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
