import { loadConfig } from './config.js'
import { createServer, type HallpassServer, type Overrides } from './create-server.js'
import { StartError } from './errors.js'
import { createLog, logNodeWarnings } from './log.js'
import type { ServeFlags } from './settings/flag-variables.js'

const lingerMilliseconds = 500

/** The input of `hallpass serve`. */
export interface ServeOptions {
  readonly flags?: ServeFlags
  readonly env?: NodeJS.ProcessEnv
  /** Further settings of a single worker: a fixture to import at start, and whether to serve localhost only. */
  readonly overrides?: Pick<Overrides, 'fixture' | 'localHostOnly'>
  /** Called when the server accepts calls. By default, its URL is printed. */
  readonly onReady?: (url: string) => void
}

/**
 * Runs a server until SIGTERM or SIGINT, and resolves to the exit code. A start that fails prints one line on stderr.
 */
export async function serve({ flags, env, overrides, onReady = printUrl }: ServeOptions = {}): Promise<number> {
  const signal = nextSignal()
  // a service manager sends it to reload, and there is nothing to reload; a terminal that closes still ends the server
  if (!process.stdin.isTTY) process.on('SIGHUP', () => {})
  try {
    const config = loadConfig(flags, env)
    logNodeWarnings(createLog(config))
    // one process alone needs none of this
    const workers = config.workers > 1 ? await import('./workers/team.js') : undefined
    if (workers?.isWorker) {
      await workers.serveAsWorker(config)
      return 0
    }
    const starting = workers ? workers.serveAsPrimary(config) : createServer(config, overrides)
    const isEarly = await Promise.race([starting.then(() => false), signal.then(() => true)])
    // nothing has been accepted yet
    if (isEarly) process.exit(0)
    const server = await starting
    server.ready.then(
      () => onReady(server.url),
      () => {},
    )
    await Promise.race([signal, refusal(server)])
    // a second signal means that the operator doesn't want to wait
    nextSignal().then(() => process.exit(1))
    await server.stop()
    // work that is still running must not keep the process alive
    setTimeout(() => process.exit(0), lingerMilliseconds).unref()
    return 0
  } catch (error) {
    const line =
      error instanceof StartError ? error.message : `Cannot start: ${error instanceof Error ? error.message : error}`
    process.stderr.write(`hallpass: ${line.replaceAll('\n', ' ')}\n`)
    return 1
  }
}

const printUrl = (url: string) => void process.stdout.write(`hallpass listening on ${url}\n`)

/** Rejects if the server turns out to be unable to start, and has stopped. */
async function refusal(server: HallpassServer): Promise<never> {
  try {
    await server.ready
  } catch (error) {
    await server.stop()
    throw error
  }
  return new Promise(() => {})
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    const once = () => {
      process.off('SIGTERM', once)
      process.off('SIGINT', once)
      resolve()
    }
    process.on('SIGTERM', once)
    process.on('SIGINT', once)
  })
}
