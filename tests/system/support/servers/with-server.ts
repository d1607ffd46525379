import { afterAll, beforeAll } from 'vitest'
import { startServer, type TestServer } from './in-process-server.js'

/** A server for all tests of a file or a `describe` block: starts before the first, and stops after the last. */
export function withServer(options?: Parameters<typeof startServer>[0]): TestServer {
  let server: TestServer | undefined
  beforeAll(async () => {
    server = await startServer(options)
  })
  afterAll(() => server?.stop())
  const started = () => {
    if (!server) throw new Error('The server has not started yet: use it in a test or a hook.')
    return server
  }
  // the target is never read
  return new Proxy({} as TestServer, { get: (_, name) => Reflect.get(started(), name) })
}
