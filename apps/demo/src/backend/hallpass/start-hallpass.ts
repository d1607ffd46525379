import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { DemoError } from '../errors.js'

interface HallpassOptions {
  /** The arguments with which Node runs the command line. */
  readonly command: readonly string[]
  readonly port: string
  readonly databasePath: string
  readonly fixturePath: string
  readonly widgetOrigins: readonly string[]
}

/** A Hallpass of our own, in a process of its own. */
export interface RunningHallpass {
  readonly url: string
  /** Resolves to the exit code when the process ends, for whatever reason. */
  readonly ended: Promise<number>
  /** Asks it to stop, unless it is stopping already, and waits until it has. */
  readonly stop: () => Promise<void>
}

/** Runs `hallpass serve` until it listens. Throws DemoError when it ends before; it has said why on stderr by then. */
export async function startHallpass(options: HallpassOptions): Promise<RunningHallpass> {
  const { command, port, databasePath, fixturePath, widgetOrigins } = options
  const flags = ['--port', port, '--database-url', `file:${databasePath}`, '--fixture', fixturePath, '--overwrite']
  flags.push('--widget-origins', widgetOrigins.join(','))
  const child = spawn(process.execPath, [...command, 'serve', ...flags, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // nothing of ours may live on, also when this process fails
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

/** Passes the server's words on and picks the address out of them. */
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

async function stopHallpass(needs: {
  readonly child: ChildProcess
  readonly url: string
  readonly ended: Promise<number>
}): Promise<void> {
  // Ctrl-C reaches both processes, and a second signal would make the server drop what it is finishing
  const patience = (await isStopping(needs.url)) ? stopMilliseconds : 0
  await Promise.race([needs.ended, delay(patience, undefined, { ref: false })])
  needs.child.kill('SIGTERM')
  await needs.ended
}

/** A server that is stopping closes the connection of every request it still answers. */
async function isStopping(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })
    return response.headers.get('connection') === 'close'
  } catch {
    // it does not answer, so it may need the signal; one to a process that has ended does nothing
    return false
  }
}

/** How long a server takes to stop at most. */
const stopMilliseconds = 10_000
