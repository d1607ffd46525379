import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findBarriers } from '../support/find-barriers.js'
import { enterConsole } from './console.js'
import type { DemoBrowser } from './demo-browser.js'

const paths = ['/', '/pay', '/chat', '/card', '/own', '/console']
const scriptBudgetBytes = 120_000

export function describeEveryPage(walk: () => DemoBrowser): void {
  test.each(paths)('%s keeps nobody out, asks nobody else, moves nothing, and is small', async (path) => {
    const { demo } = walk()
    const { page, origins, complaints, context } = await walk().visit(path, { viewport: { width: 360, height: 780 } })
    await page.waitForLoadState('networkidle')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findBarriers(page.mainFrame())).toEqual([])
    }
    // nothing sticks out to the right
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    const own = [demo.demoUrl, demo.hallpassUrl, demo.widgetsUrl]
    expect([...origins].filter((origin) => !own.includes(origin))).toEqual([])
    expect(complaints).toEqual([])
    expect(await page.evaluate(shiftSoFar)).toBeLessThan(0.02)
    expect(scriptBytes(walk(), await page.evaluate(ownScripts))).toBeLessThanOrEqual(scriptBudgetBytes)
    await context.close()
  })

  test('the console keeps nobody out in any of its rooms', async () => {
    const { page, context } = await enterConsole(walk())
    for (const button of await page.getByRole('navigation', { name: 'Console' }).getByRole('listitem').all()) {
      await button.getByRole('button').click()
      await page.waitForLoadState('networkidle')
      expect(await findBarriers(page.mainFrame())).toEqual([])
    }
    await context.close()
  })

  test('the policy of every page lets nothing inline in', async () => {
    for (const path of paths) {
      const response = await fetch(walk().demo.demoUrl + path)
      expect(response.status).toBe(200)
      const policy = response.headers.get('Content-Security-Policy')
      expect(policy).toContain("default-src 'self';")
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
    }
  })

  test('no secret key is in any file of the pages', () => {
    const { pages } = walk()
    for (const folder of [pages.webFolder, pages.widgetsFolder]) {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      expect(files.length).toBeGreaterThan(2)
      for (const { parentPath, name } of files) {
        expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/sk_(test|live)_\w/)
      }
    }
  })
}

// expressions for the page: its functions are not ours
const ownScripts = `performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname.endsWith('.js')).map(({ pathname }) => pathname)`
const shiftSoFar = `new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) sum += value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(sum), 100)
})`

function scriptBytes({ pages }: DemoBrowser, scripts: unknown): number {
  const names = scripts as readonly string[]
  expect(names.length).toBeGreaterThan(0)
  const sizes = [...new Set(names)].map((name) => gzipSync(readFileSync(join(pages.webFolder, name))).length)
  return sizes.reduce((sum, size) => sum + size, 0)
}
