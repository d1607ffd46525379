import { EventEmitter, once } from 'node:events'
import type { Config } from '../config.js'
import { createServer } from '../create-server.js'
import { createMetrics } from '../metrics/create-metrics.js'
import { type Conversation, converse, type Message } from './converse.js'
import type { PrimaryDuties, WorkerDuties } from './duties.js'

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
    const prepared = { ...config, port: await primary.ask('assignPort'), fixture: undefined }
    const server = await createServer(prepared, { team: teamOf(primary, metrics) })
    await server.ready
    await primary.ask('hearReady', server.url)
    await stopped
    await server.stop()
  } catch (error) {
    await primary.ask('hearFailed', error instanceof Error ? error.message : String(error))
  } finally {
    process.disconnect()
  }
}

function teamOf(primary: Conversation<PrimaryDuties>, metrics: ReturnType<typeof createMetrics>) {
  return {
    limit: (...call: Parameters<PrimaryDuties['limit']>) => primary.ask('limit', ...call),
    metrics: { ...metrics, read: () => primary.ask('readMetrics') },
  }
}
