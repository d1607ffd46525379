import { createServer } from 'node:http'
import { buildPage } from './build-page.js'
import { demoFolder } from './demo-folder.js'

/** Another shop, on its own origin, that uses the official widget clients. */
export interface BridgeHost {
  readonly url: string
  readonly stop: () => Promise<void>
}

export async function startBridgeHost(): Promise<BridgeHost> {
  const files = await buildInMemory()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host.invalid')
    const file = files.get(pathname === '/' ? '/index.html' : pathname)
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8'
    response.writeHead(file === undefined ? 404 : 200, { 'Content-Type': type }).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${address.port}`, stop }
}

async function buildInMemory(): Promise<Map<string, string | Uint8Array>> {
  const root = `${demoFolder}src/testing/bridge-host`
  const built = await buildPage({ root, configFile: false, build: { write: false, modulePreload: false } })
  if (!('output' in built)) throw new Error('Expected the output of a single build.')
  return new Map(built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]))
}
