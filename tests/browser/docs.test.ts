import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { launchBrowser } from './support/launch-browser.js'

describe('GET /docs', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    server = await startServer()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test("executes an operation on the page's own origin, even if the issuer has another", async () => {
    const other = await startServer({ config: { publicUrl: 'https://pass.example' } })
    const page = await browser.newPage()
    await page.goto(`${other.url}/docs`)
    const live = page.locator('#operations-documents-get_health_live')
    await live.locator('.opblock-summary').click()
    await live.getByRole('button', { name: 'Try it out' }).click()
    await live.getByRole('button', { name: 'Execute' }).click()
    await live.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor({ timeout: 10_000 })
    const { servers } = await (await other.get('/openapi.json')).json()
    expect(servers).toEqual([{ url: 'https://pass.example' }])
    await page.close()
    await other.stop()
  })

  test('shows every operation, executes one, and calls no other origin', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
    const origins = new Set<string>()
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    await page.goto(`${server.url}/docs`)
    await page.locator('.opblock').first().waitFor()
    const { paths } = await (await server.get('/openapi.json')).json()
    const operations = Object.values<object>(paths).flatMap(Object.keys)
    expect(await page.locator('.opblock').count()).toBe(operations.length)

    const keys = page.locator('#operations-documents-get__well_known_jwks_json')
    await keys.locator('.opblock-summary').click()
    await keys.getByRole('button', { name: 'Try it out' }).click()
    await keys.getByRole('button', { name: 'Execute' }).click()
    await keys.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
    expect(complaints).toEqual([])
    expect([...origins].filter((origin) => origin !== server.url && origin !== 'null')).toEqual([])
  })

  test('has a policy without inline scripts, and accepts GET and HEAD only', async () => {
    const answer = await server.get('/docs')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect((await fetch(`${server.url}/docs`, { method: 'HEAD' })).status).toBe(200)
    expect((await server.post('/docs', {})).status).toBe(405)
    expect((await server.get('/docs/swagger-ui-bundle.js.map')).status).toBe(404)
  })
})
