import { forkServer } from './fork-server.js'
import { createMints } from './mints.js'
import type { StartOptions, TestHallpass } from './types.js'

export type { Mints, StartOptions, TestHallpass, TestSession } from './types.js'

const keys = {
  apiKey: 'sk_test_acme',
  clientKey: 'pk_test_acme',
  customerId: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e',
  cardId: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
}

/**
 * Starts a server for a test, in a process of its own. Rejects if it can't start.
 * @example
 * const hallpass = await startHallpass()
 * const { token } = await hallpass.mint.guest()
 * await hallpass.clock.advance(900)
 * await hallpass.stop()
 */
export async function startHallpass(options: StartOptions = {}): Promise<TestHallpass> {
  const { fixture, port = 0, widgetOrigins = [], now = Date.now(), logLevel = 'error' } = options
  const server = await forkServer({ fixture, port, widgetOrigins, now, logLevel })
  return { url: server.url, keys, clock: server.clock, ...createMints(server.url, keys), stop: server.stop }
}
