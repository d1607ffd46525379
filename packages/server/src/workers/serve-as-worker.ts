import cluster from 'node:cluster'
import { EventEmitter, once } from 'node:events'
import type { Config } from '../config.js'
import { createServer, type Team } from '../create-server.js'
import { createMetrics } from '../metrics/create-metrics.js'
import { isPostgresUrl } from '../store/resolve-database.js'
import type { PrimaryDuties, WorkerDuties } from './duties.js'
import { type Conversation, converse, type Message } from './ipc-rpc.js'

/** Runs one of the workers of a serve, until the primary says stop. Without the primary it ends at once, which node:cluster sees to. */
export async function serveAsWorker(config: Config): Promise<void> {
  // a terminal, or a service manager, signals all of a group; here the primary alone decides
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {})
  const metrics = createMetrics()
  const told = new EventEmitter()
  const stopped = once(told, 'stop')
  const primary = converse<PrimaryDuties>((message) => process.send?.(message), {
    collectMetrics: metrics.collect,
    stop: async () => void told.emit('stop'),
  } satisfies WorkerDuties)
  process.on('message', (message: Message) => primary.hear(message))
  try {
    const fixture = isPostgresUrl(config.databaseUrl) ? config.fixture : undefined
    const prepared = { ...config, port: await primary.ask('assignPort'), fixture }
    const server = await createServer(prepared, { team: teamOf(config, primary, metrics) })
    const isReady = await Promise.race([server.ready.then(() => true), stopped.then(() => false)])
    if (isReady) await primary.ask('hearReady', server.url)
    await stopped
    await server.stop()
  } catch (error) {
    // a primary that is gone hears nothing, and needs nothing
    await primary.ask('hearFailed', error instanceof Error ? error.message : String(error)).catch(() => {})
  } finally {
    if (process.connected) process.disconnect()
  }
}

function teamOf(
  { databaseUrl }: Config,
  primary: Conversation<PrimaryDuties>,
  metrics: ReturnType<typeof createMetrics>,
): Team {
  // PostgreSQL has a clock that all replicas follow
  const readTime = isPostgresUrl(databaseUrl) ? {} : { readTime: () => primary.ask('readTime') }
  return {
    ...readTime,
    isFirst: cluster.worker?.id === 1,
    limit: (...call: Parameters<PrimaryDuties['limit']>) => primary.ask('limit', ...call),
    metrics: { ...metrics, read: () => primary.ask('readMetrics') },
  }
}
