import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { findBarriers } from '../support/find-barriers.js'
import { useDemoBrowser } from './support/demo-browser.js'

const paths = ['/', '/pay', '/chat', '/card', '/voice', '/own']
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
  await page.clock.install()
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
  const asked = page.waitForRequest('**/api/bridge')
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  await asked
  const notice = page.getByRole('status', { name: 'Connection to The shop’s backend' })
  await page.clock.runFor(3_000)
  await notice.filter({ hasText: 'hasn’t answered for 2 seconds' }).waitFor()
  goOn()
  await notice.filter({ hasText: 'answers again' }).waitFor()
  await context.close()
})

test.each([360, 768, 1280])('the diagram shows a line down the middle of every lane at %s pixels', async (width) => {
  const { page, context } = await walk().visit('/pay', { viewport: { width, height: 1000 } })
  await page.getByRole('button', { name: /^Pay \$/ }).click()
  await page.locator('.flow-step').nth(2).waitFor()
  const rows = page.locator('.flow-rows')
  // the labels and arrows would cover the lines
  await rows.evaluate('(rows) => { for (const row of rows.children) row.style.visibility = "hidden" }')
  const picture = (await rows.screenshot()).toString('base64')
  const lanes = await page.locator('.flow-lanes li').count()
  expect(lanes).toBeGreaterThan(2)
  expect(await page.evaluate(`(${countLines})(${JSON.stringify(picture)})`)).toBe(lanes)
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

/** Evaluated in the page: how many vertical lines a picture has, by its middle row of pixels. */
const countLines = `async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = new OffscreenCanvas(image.width, 1).getContext('2d')
  canvas.drawImage(image, 0, Math.floor(image.height / 2), image.width, 1, 0, 0, image.width, 1)
  const { data } = canvas.getImageData(0, 0, image.width, 1)
  const shades = Array.from({ length: image.width }, (_, x) => data[4 * x] + data[4 * x + 1] + data[4 * x + 2])
  const ground = shades[2]
  // the first and the last pixels can show what is beside the picture
  const isLine = shades.slice(2, -2).map((shade) => Math.abs(shade - ground) > 12)
  return isLine.filter((is, x) => is && !isLine[x - 1]).length
}`
