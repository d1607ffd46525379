import cluster, { type Worker as ClusterWorker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Clock, systemClock } from '../clock.js'
import type { Config } from '../config.js'
import type { HallpassServer } from '../create-server.js'
import { elapsedOfProcess } from '../elapsed.js'
import { StartError } from '../errors.js'
import { createSlidingWindow } from '../limits/sliding-window.js'
import { createLog } from '../log.js'
import { aggregateMetrics } from '../metrics/aggregate-metrics.js'
import { createProcessClock } from '../process-clock.js'
import { isPostgresUrl } from '../store/resolve-database.js'
import { createIpcRpc, type IpcRpc, type Message } from './ipc-rpc.js'
import type { PrimaryMethods, WorkerMethods } from './methods.js'
import { prepareDatabase } from './prepare-database.js'

interface Worker {
  readonly process: ClusterWorker['process']
  readonly rpc: IpcRpc<WorkerMethods>
  /** Resolves when the process has exited. */
  readonly ended: Promise<void>
}

/** What the primary knows about its workers. */
interface State {
  readonly workers: Set<Worker>
  readonly shared: Pick<PrimaryMethods, 'limit' | 'readTime' | 'readMetrics'>
  readonly log: Logger
  /** The port for new workers. 0 until the first workers have found a free one. */
  port: number
  stopping: boolean
}

const shortestPauseMilliseconds = 100
const longestPauseMilliseconds = 5_000
/** A worker that ran this long was healthy, so the next one starts without a long pause. */
const healthyMilliseconds = 10_000
const stopTimeoutMilliseconds = 9_500
const metricsTimeoutMilliseconds = 2_000

/** Prepares the database, starts workers that share one address, and replaces each worker that exits. */
export async function serveAsPrimary(config: Config): Promise<HallpassServer> {
  if (config.databaseUrl === ':memory:') {
    throw new StartError('--workers cannot be used with :memory:, because all processes must share the database.')
  }
  if (isPostgresUrl(config.databaseUrl) && config.publicUrl === undefined) {
    throw new StartError('--workers with PostgreSQL requires HALLPASS_PUBLIC_URL, the issuer that all processes share.')
  }
  const log = createLog(config)
  // on PostgreSQL each worker does this itself, like any replica, and retries while the database can't be reached
  const processClock = createProcessClock({ wall: systemClock, elapsed: elapsedOfProcess() })
  const close = isPostgresUrl(config.databaseUrl) ? async () => {} : await prepareDatabase(config, processClock, log)
  const workers = new Set<Worker>()
  const state: State = {
    workers,
    stopping: false,
    port: config.port,
    shared: sharedBy(workers, processClock.clock),
    log,
  }
  const stop = async () => {
    state.stopping = true
    await stopAll(workers)
    await close()
  }
  let url = ''
  const ready = Promise.all(Array.from({ length: config.workers }, () => forkWorker(state))).then((first) => {
    url = first[0]?.url ?? ''
    for (const { ended } of first) void respawn(state, url, ended)
  })
  // a caller that doesn't wait for it must not crash because of it
  ready.catch(() => {})
  return {
    ready,
    stop,
    get url() {
      return url
    },
  }
}

function sharedBy(workers: ReadonlySet<Worker>, clock: Clock): State['shared'] {
  const window = createSlidingWindow(clock)
  return {
    readTime: async () => clock.now(),
    limit: async (meters) => window.consume(meters),
    async readMetrics() {
      // a worker that hangs or exits is left out, and the others are still added up
      const late = delay(metricsTimeoutMilliseconds, undefined, { ref: false })
      const pending = [...workers].map(({ rpc }) => rpc.call('collectMetrics').catch(() => undefined))
      const collected = await Promise.all(pending.map((values) => Promise.race([values, late])))
      return aggregateMetrics(collected.filter((values) => values !== undefined))
    },
  }
}

/** Starts a worker. Resolves when it listens. */
function forkWorker(state: State): Promise<{ url: string; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const worker = cluster.fork()
    // messages to a worker that is exiting may be lost; its exit rejects the pending calls
    const send = (message: Message) => worker.isConnected() && worker.send(message, undefined, undefined, () => {})
    worker.on('error', () => {})
    const rpc = createIpcRpc<WorkerMethods>(send, {
      ...state.shared,
      assignPort: async () => state.port,
      async reportReady(url) {
        state.log.info({ worker: worker.process.pid }, 'A worker is ready.')
        resolve({ url, ended })
      },
      reportFailed: async (line) => reject(new StartError(line)),
    } satisfies PrimaryMethods)
    worker.on('message', (message: Message) => rpc.handleMessage(message))
    const ended = new Promise<void>((end) => worker.once('exit', () => end())).then(() => {
      state.workers.delete(started)
      rpc.end()
      reject(new StartError('A worker exited before it was ready.'))
    })
    const started = { process: worker.process, rpc, ended }
    state.workers.add(started)
  })
}

/** Replaces a worker each time it exits, until the server stops. */
async function respawn(state: State, url: string, first: Promise<void>): Promise<void> {
  let pause = shortestPauseMilliseconds
  let ended = first
  for (let began = performance.now(); ; began = performance.now()) {
    await ended
    if (performance.now() - began > healthyMilliseconds) pause = shortestPauseMilliseconds
    if (!state.stopping) await delay(pause)
    if (state.stopping) return
    pause = Math.min(pause * 2, longestPauseMilliseconds)
    state.log.error('A worker exited. A new one replaces it.')
    // running workers share their port; if none is left, a port that was found must be requested by its number
    if (state.workers.size === 0) state.port ||= Number(new URL(url).port)
    ended = forkWorker(state).then(
      (worker) => worker.ended,
      (cause: unknown) => state.log.error({ cause }, 'A worker could not start.'),
    )
  }
}

async function stopAll(workers: ReadonlySet<Worker>): Promise<void> {
  for (const { rpc } of workers) rpc.call('stop').catch(() => {})
  const timer = new AbortController()
  const late = delay(stopTimeoutMilliseconds, undefined, { signal: timer.signal }).catch(() => {})
  await Promise.race([Promise.all([...workers].map(({ ended }) => ended)), late])
  timer.abort()
  for (const { process } of workers) process.kill('SIGKILL')
}
