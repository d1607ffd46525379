import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { fixture, live } from '../fixtures/fixture.js'
import { expectBelow } from '../time/slowness.js'

const hallpass = fileURLToPath(new URL('../../../../packages/cli/bin/hallpass.js', import.meta.url))

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds since its start. */
  readonly milliseconds: number
}

/** `hallpass serve` in a separate process. */
export interface Served {
  /** The URL that it reports. */
  readonly url: string
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exited: Promise<Exit>
  /** The time from its start to its line on stdout. */
  readonly readyMilliseconds: number
  /** Sends a signal and waits for the process to exit. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Exit>
}

/** The arguments of a server, and its environment. Servers don't shed calls unless `shed-after` says so. */
export interface Start {
  readonly cwd: string
  readonly flags?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** The script to run, by default the built command of this repository. */
  readonly command?: string
  /** The user to run as, by number. */
  readonly uid?: number
}

function run({ cwd, flags = {}, env = {}, command = hallpass, uid }: Start) {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  const started = performance.now()
  const child = spawn(process.execPath, [command, 'serve', ...args], {
    cwd,
    // on a busy machine, a server that gets many calls at once would refuse some of them as an overload
    env: { PATH: process.env.PATH ?? '', HALLPASS_SHED_AFTER: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk))
  const since = () => performance.now() - started
  // 'close' comes after the streams have been read to the end
  const exited = once(child, 'close').then(([code, signal]): Exit => ({ code, signal, milliseconds: since() }))
  return { child, text, exited, since }
}

/** Starts a server and waits until it reports that it listens. */
export async function serve(start: Start): Promise<Served> {
  const { child, text, exited, since } = run({ ...start, flags: { port: '0', ...start.flags } })
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', () => {
      const [, url] = /^hallpass listening on (\S+)\n/.exec(text.stdout) ?? []
      if (url) resolve(url)
    })
  })
  const url = await Promise.race([listening, exited])
  if (typeof url !== 'string') throw new Error(`hallpass serve ended with code ${url.code}: ${text.stderr}`)
  return {
    url,
    process: child,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    exited,
    readyMilliseconds: since(),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return exited
    },
  }
}

/**
 * Expects a start to fail: nothing on stdout, one line on stderr, exit code 1, within 5 s by default. Returns the line.
 */
export async function expectNoStart(start: Start, within = 5_000): Promise<{ line: string; milliseconds: number }> {
  const { child, text, exited } = run(start)
  const killTimer = setTimeout(() => child.kill('SIGKILL'), within * 4)
  const { code, milliseconds } = await exited
  clearTimeout(killTimer)
  expect({ code, stdout: text.stdout }, text.stderr).toEqual({ code: 1, stdout: '' })
  expect(text.stderr).toMatch(/^hallpass: [^\n]{10,}\n$/)
  // a machine that starts every process slowly starts this one slowly too
  expectBelow(milliseconds, within)
  return { line: text.stderr.trim(), milliseconds }
}

/** Starts a server and sends SIGTERM after a delay, whether it listens by then or not. */
export async function stopAtStart(start: Start, moment: (server: ChildProcess) => Promise<unknown>) {
  const { child, text, exited, since } = run({ ...start, flags: { port: '0', ...start.flags } })
  await moment(child)
  const signaledAt = since()
  child.kill('SIGTERM')
  const { code, milliseconds } = await exited
  return { code, stdout: text.stdout, milliseconds: milliseconds - signaledAt }
}

/** Writes the usual fixture without its production account, or another one. Returns the path of the file. */
export async function writeFixture(
  folder: string,
  name = 'fixture.json',
  content: unknown = sandboxFixture,
): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Only sandbox accounts, so that a server creates its own master key. */
export const sandboxFixture = { accounts: fixture.accounts.filter(({ id }) => id !== live.account) }
