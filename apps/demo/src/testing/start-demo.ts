import { fileURLToPath } from 'node:url'
import { createServer, loadConfig } from '@hallpass/server'
import { createBackend } from '../backend/create-backend.js'
import { listen } from '../backend/listen.js'
import { readShop, type Shop } from '../backend/read-shop.js'

export const demoFolder = fileURLToPath(new URL('../../', import.meta.url))
export const fixturePath = `${demoFolder}fixture.json`

/** A real Hallpass in memory and the demo's backend in front of it, both on free ports. */
export interface TestDemo {
  readonly hallpassUrl: string
  readonly demoUrl: string
  readonly shop: Shop
  readonly stopHallpass: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startDemo(webFolder: string): Promise<TestDemo> {
  const flags = { port: '0', 'database-url': ':memory:', 'log-level': 'silent', fixture: fixturePath }
  const hallpass = await createServer(loadConfig(flags, {}))
  const shop = readShop(fixturePath)
  const app = createBackend({ hallpassUrl: hallpass.url, shop, webFolder })
  const demoUrl = await listen(app, 0)
  return {
    hallpassUrl: hallpass.url,
    demoUrl,
    shop,
    stopHallpass: hallpass.stop,
    stop: async () => {
      await app.close()
      await hallpass.stop()
    },
  }
}

/** Asks as the page does. */
export async function post(url: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
}
