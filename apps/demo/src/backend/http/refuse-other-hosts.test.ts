import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoFolder } from '../../testing/demo-folder.js'
import { startDemo, type TestDemo } from '../../testing/start-demo.js'

let demo: TestDemo
beforeAll(async () => {
  // these tests don't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
})
afterAll(() => demo.stop())

const sites = ['demoUrl', 'widgetsUrl', 'attackerUrl'] as const

/** Sends a request with another Host, as a browser does after DNS rebinding. */
function visit(site: (typeof sites)[number], path: string, host: string, method = 'GET') {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = request(demo[site] + path, { method, headers: { host } }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
    })
    sent.on('error', reject).end()
  })
}

describe.each(sites)('a request to %s', (site) => {
  const port = () => new URL(demo[site]).port

  test.each(['127.0.0.1', 'localhost', 'LOCALHOST'])('is accepted for the host %s', async (name) => {
    expect((await visit(site, '/api/nothing', `${name}:${port()}`)).status).toBe(404)
  })

  test.each(['/', '/api/settings', '/api/nothing'])('421 for %s with another Host', async (path) => {
    const others = ['rebound.attacker.test', `rebound.attacker.test:${port()}`, 'localhost', 'localhost:1']
    for (const host of [...others, `127.0.0.1:${port()}.attacker.test`]) {
      const { status, text } = await visit(site, path, host)
      expect({ host, status }).toEqual({ host, status: 421 })
      expect(JSON.parse(text)).toMatchObject({ refusal: { reason: 'misdirected_request' } })
    }
  })

  test('421 for a POST too, before it has any effect', async () => {
    expect((await visit(site, '/api/bridge', 'rebound.attacker.test', 'POST')).status).toBe(421)
  })
})
