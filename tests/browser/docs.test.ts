import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { launchBrowser, leaveBrowser } from './support/launch-browser.js'

describe('GET /docs', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    // the issuer has another origin than the page
    server = await startServer({ config: { publicUrl: 'https://pass.example' } })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await leaveBrowser(browser)
    await server?.stop()
  })

  test('shows every operation, executes two on its own origin, and calls no other', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
    const origins = new Set<string>()
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    await page.goto(`${server.url}/docs`)
    await page.locator('.opblock').first().waitFor()
    expect(await page.getByRole('heading', { name: 'Warning' }).count()).toBe(0)
    const background = () => page.evaluate("getComputedStyle(document.querySelector('.swagger-ui')).backgroundColor")
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(background).not.toBe(light)
    const { paths, servers, webhooks } = await (await server.get('/openapi.json')).json()
    expect(servers).toEqual([{ url: 'https://pass.example' }])
    const operations = [paths, webhooks].flatMap((items) => Object.values<object>(items).flatMap(Object.keys))
    expect(await page.locator('.opblock').count()).toBe(operations.length)

    for (const name of ['get_health_live', 'get__well_known_jwks_json']) {
      const operation = page.locator(`#operations-documents-${name}`)
      await operation.locator('.opblock-summary').click()
      await operation.getByRole('button', { name: 'Try it out' }).click()
      await operation.getByRole('button', { name: 'Execute' }).click()
      await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
    }
    expect(complaints).toEqual([])
    expect([...origins].filter((origin) => origin !== server.url && origin !== 'null')).toEqual([])
  })

  test('has a policy without inline scripts, and accepts GET and HEAD only', async () => {
    const response = await server.get('/docs')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect((await fetch(`${server.url}/docs`, { method: 'HEAD' })).status).toBe(200)
    expect((await server.post('/docs', {})).status).toBe(405)
    expect((await server.get('/docs/swagger-ui-bundle.js.map')).status).toBe(404)
  })
})
