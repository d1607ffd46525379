import type { Server } from 'node:http'
import { setImmediate } from 'node:timers/promises'

const timeoutMilliseconds = 500
const shortMilliseconds = 0.2

/**
 * Resolves in a turn of the event loop that was short and brought no connection. If the server stops listening then,
 * hardly any connection is reset: connections that reached the machine but weren't accepted yet are lost with the
 * listening socket.
 */
export async function waitForQuietTurn(server: Server): Promise<void> {
  let connections = 0
  const count = () => {
    connections++
  }
  server.on('connection', count)
  const began = performance.now()
  for (let turn = began; turn - began < timeoutMilliseconds; ) {
    const before = connections
    await setImmediate()
    const now = performance.now()
    if (connections === before && now - turn < shortMilliseconds) break
    turn = now
  }
  server.off('connection', count)
}
