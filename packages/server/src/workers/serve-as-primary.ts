import cluster, { type Worker } from 'node:cluster'
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
import type { PrimaryDuties, WorkerDuties } from './duties.js'
import { type Conversation, converse, type Message } from './ipc-rpc.js'
import { prepareDatabase } from './prepare-database.js'

interface Member {
  readonly worker: Worker
  readonly conversation: Conversation<WorkerDuties>
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
}

/** What the primary knows of its workers. */
interface State {
  readonly members: Set<Member>
  readonly shared: Pick<PrimaryDuties, 'limit' | 'readTime' | 'readMetrics'>
  readonly log: Logger
  /** What workers are told to listen on; 0 until the first have found a port. */
  port: number
  stopping: boolean
}

const shortestPauseMilliseconds = 100
const longestPauseMilliseconds = 5_000
/** Who lived this long was well. */
const wellMilliseconds = 10_000
const stopPatienceMilliseconds = 9_500
const metricsPatienceMilliseconds = 2_000

/** Prepares the database, starts workers that answer at one address, and puts a new one in the place of each that dies. */
export async function serveAsPrimary(config: Config): Promise<HallpassServer> {
  if (config.databaseUrl === ':memory:') {
    throw new StartError('--workers needs a database that processes can share; :memory: is for one process only')
  }
  if (isPostgresUrl(config.databaseUrl) && config.publicUrl === undefined) {
    throw new StartError('--workers with PostgreSQL needs HALLPASS_PUBLIC_URL, the issuer that all of them share')
  }
  const log = createLog(config)
  // on PostgreSQL each worker does that, as any replica does, and goes on trying while it cannot be reached
  const processClock = createProcessClock({ wall: systemClock, elapsed: elapsedOfProcess() })
  const close = isPostgresUrl(config.databaseUrl) ? async () => {} : await prepareDatabase(config, processClock, log)
  const members = new Set<Member>()
  const state: State = {
    members,
    stopping: false,
    port: config.port,
    shared: sharedBy(members, processClock.clock),
    log,
  }
  const stop = async () => {
    state.stopping = true
    await stopAll(members)
    await close()
  }
  let url = ''
  const ready = Promise.all(Array.from({ length: config.workers }, () => hire(state))).then((first) => {
    url = first[0]?.url ?? ''
    for (const { ended } of first) void keepPlace(state, url, ended)
  })
  // whoever does not wait for it is not to end with it
  ready.catch(() => {})
  return {
    ready,
    stop,
    get url() {
      return url
    },
  }
}

function sharedBy(members: ReadonlySet<Member>, clock: Clock): State['shared'] {
  const window = createSlidingWindow(clock)
  return {
    readTime: async () => clock.now(),
    limit: async (meters) => window.consume(meters),
    async readMetrics() {
      // a worker that hangs or ends is left out: the others count all the same
      const late = delay(metricsPatienceMilliseconds, undefined, { ref: false })
      const asked = [...members].map(({ conversation }) => conversation.ask('collectMetrics').catch(() => undefined))
      const collected = await Promise.all(asked.map((values) => Promise.race([values, late])))
      return aggregateMetrics(collected.filter((values) => values !== undefined))
    },
  }
}

/** Starts a worker; resolves when it listens. */
function hire(state: State): Promise<{ url: string; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const worker = cluster.fork()
    // what no longer reaches a worker that ends concerns nobody: that it ends is heard
    const send = (message: Message) => worker.isConnected() && worker.send(message, undefined, undefined, () => {})
    worker.on('error', () => {})
    const conversation = converse<WorkerDuties>(send, {
      ...state.shared,
      assignPort: async () => state.port,
      async hearReady(url) {
        state.log.info({ worker: worker.process.pid }, 'a worker listens')
        resolve({ url, ended })
      },
      hearFailed: async (line) => reject(new StartError(line)),
    } satisfies PrimaryDuties)
    worker.on('message', (message: Message) => conversation.hear(message))
    const ended = new Promise<void>((end) => worker.once('exit', () => end())).then(() => {
      state.members.delete(member)
      conversation.end()
      reject(new StartError('a worker ended before it listened'))
    })
    const member = { worker, conversation, ended }
    state.members.add(member)
  })
}

/** As long as the team is there, somebody is in this place. */
async function keepPlace(state: State, url: string, first: Promise<void>): Promise<void> {
  let pause = shortestPauseMilliseconds
  let ended = first
  for (let began = performance.now(); ; began = performance.now()) {
    await ended
    if (performance.now() - began > wellMilliseconds) pause = shortestPauseMilliseconds
    if (!state.stopping) await delay(pause)
    if (state.stopping) return
    pause = Math.min(pause * 2, longestPauseMilliseconds)
    state.log.error('a worker died; another takes its place')
    // while others listen the port is theirs to share; when none is left, one that was found has to be asked for by its number
    if (state.members.size === 0) state.port ||= Number(new URL(url).port)
    ended = hire(state).then(
      (member) => member.ended,
      (cause: unknown) => state.log.error({ cause }, 'a worker could not start'),
    )
  }
}

async function stopAll(members: ReadonlySet<Member>): Promise<void> {
  for (const { conversation } of members) conversation.ask('stop').catch(() => {})
  const patience = new AbortController()
  const late = delay(stopPatienceMilliseconds, undefined, { signal: patience.signal }).catch(() => {})
  await Promise.race([Promise.all([...members].map(({ ended }) => ended)), late])
  patience.abort()
  for (const { worker } of members) worker.process.kill('SIGKILL')
}
