import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { DemoError } from '../errors.js'

interface HallpassOptions {
  /** The arguments with which Node runs the `hallpass` command. */
  readonly command: readonly string[]
  readonly port: string
  readonly databasePath: string
  readonly fixturePath: string
  readonly widgetOrigins: readonly string[]
}

/** A Hallpass server in a child process. */
export interface RunningHallpass {
  readonly url: string
  /** Resolves to the exit code when the process ends. */
  readonly ended: Promise<number>
  /** Signals the process to stop, unless it is already stopping, and waits until it has ended. */
  readonly stop: () => Promise<void>
}

/** Starts `hallpass serve` and waits until it listens. Throws DemoError if it ends first, after printing the reason to stderr. */
export async function startHallpass(options: HallpassOptions): Promise<RunningHallpass> {
  const { command, port, databasePath, fixturePath, widgetOrigins } = options
  const flags = ['--port', port, '--database-url', `file:${databasePath}`, '--fixture', fixturePath, '--overwrite']
  flags.push('--widget-origins', widgetOrigins.join(','))
  const child = spawn(process.execPath, [...command, 'serve', ...flags, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // stops the server even if this process fails
  process.once('exit', () => child.kill('SIGTERM'))
  const ended = exitOf(child)
  const url = await Promise.race([listeningUrl(child), ended])
  if (typeof url === 'number') throw new DemoError('', url)
  return { url, ended, stop: () => stopHallpass({ child, url, ended }) }
}

async function exitOf(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit')
  return typeof code === 'number' ? code : 1
}

/** Forwards the server's output and extracts its URL. */
function listeningUrl({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (!stdout) return
    createInterface({ input: stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`)
      const url = /^hallpass listening on (\S+)$/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}

async function stopHallpass(server: {
  readonly child: ChildProcess
  readonly url: string
  readonly ended: Promise<number>
}): Promise<void> {
  // Ctrl-C signals both processes, and a second signal would abort the server's graceful shutdown
  const graceMilliseconds = (await isStopping(server.url)) ? stopMilliseconds : 0
  await Promise.race([server.ended, delay(graceMilliseconds, undefined, { ref: false })])
  server.child.kill('SIGTERM')
  await server.ended
}

/** A stopping server closes the connection after each response. */
async function isStopping(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })
    return response.headers.get('connection') === 'close'
  } catch {
    // no response: the server may need the signal, which does nothing if the process has already ended
    return false
  }
}

/** The maximum duration of a graceful shutdown. */
const stopMilliseconds = 10_000
