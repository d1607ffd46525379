import { lookup } from 'node:dns/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { StartError } from '../errors.js'
import { type MetricsServer, serveMetrics } from './metrics-server.js'
import { waitForQuietTurn } from './quiet-turn.js'

/** Listens on one address. Returns the URL. Throws a StartError if that isn't possible. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  flag: '--port' | '--admin-port' = '--port',
): Promise<string> {
  try {
    // one address only, even if a name such as localhost has two: it becomes the issuer, and shutdown drains it
    const { address } = await lookup(host)
    return await app.listen({ host: address, port })
  } catch (error) {
    throw listenError(error, host, port, flag)
  }
}

/** Serves the metrics on their own port, if they have one. */
export async function listenForMetrics(
  deps: Parameters<typeof serveMetrics>[0],
  { host, metricsPort: port }: { readonly host: string; readonly metricsPort?: number | undefined },
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined
  try {
    const { address } = await lookup(host)
    return await serveMetrics(deps, address, port)
  } catch (error) {
    throw listenError(error, host, port, '--metrics-port')
  }
}

function listenError(error: unknown, host: string, port: number, flag: string): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartError(`Port ${port} on ${host} is in use. Stop the process that uses it, or set another ${flag}.`)
  if (code === 'EACCES') return new StartError(`This user may not use port ${port} on ${host}.`)
  return new StartError(`Cannot listen on ${host} port ${port}: ${error instanceof Error ? error.message : error}`)
}

/** Finishes the accepted requests, in this time at most, and closes every connection. */
export async function drain(app: FastifyInstance, milliseconds: number): Promise<void> {
  await waitForQuietTurn(app.server)
  const timer = new AbortController()
  await Promise.race([app.close(), delay(milliseconds, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
  app.server.closeAllConnections()
}
