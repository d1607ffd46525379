import cluster from 'node:cluster'
import { EventEmitter, once } from 'node:events'
import type { Config } from '../config.js'
import { createServer, type WorkerGroup } from '../create-server.js'
import { createMetrics } from '../metrics/create-metrics.js'
import { isPostgresUrl } from '../store/resolve-database.js'
import { createIpcRpc, type IpcRpc, type Message } from './ipc-rpc.js'
import type { PrimaryMethods, WorkerMethods } from './methods.js'

/** Runs one of several workers until the primary stops it. If the primary exits, node:cluster ends the worker at once. */
export async function serveAsWorker(config: Config): Promise<void> {
  // a terminal or a service manager signals the whole process group, but only the primary decides when to stop
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
  const metrics = createMetrics()
  const signals = new EventEmitter()
  const stopped = once(signals, 'stop')
  const primary = createIpcRpc<PrimaryMethods>((message) => process.send?.(message), {
    collectMetrics: metrics.collect,
    stop: async () => void signals.emit('stop'),
  } satisfies WorkerMethods)
  process.on('message', (message: Message) => primary.handleMessage(message))
  try {
    const fixture = isPostgresUrl(config.databaseUrl) ? config.fixture : undefined
    const prepared = { ...config, port: await primary.call('assignPort'), fixture }
    const server = await createServer(prepared, { workerGroup: workerGroupOf(config, primary, metrics) })
    const isReady = await Promise.race([server.ready.then(() => true), stopped.then(() => false)])
    if (isReady) await primary.call('reportReady', server.url)
    await stopped
    await server.stop()
  } catch (error) {
    // if the primary has exited, there is no one to report to
    await primary.call('reportFailed', error instanceof Error ? error.message : String(error)).catch(() => {})
  } finally {
    if (process.connected) process.disconnect()
  }
}

function workerGroupOf(
  { databaseUrl }: Config,
  primary: IpcRpc<PrimaryMethods>,
  metrics: ReturnType<typeof createMetrics>,
): WorkerGroup {
  // with PostgreSQL, all replicas follow the database's clock
  const readTime = isPostgresUrl(databaseUrl) ? {} : { readTime: () => primary.call('readTime') }
  return {
    ...readTime,
    isFirst: cluster.worker?.id === 1,
    limit: (...call: Parameters<PrimaryMethods['limit']>) => primary.call('limit', ...call),
    metrics: { ...metrics, read: () => primary.call('readMetrics') },
  }
}
