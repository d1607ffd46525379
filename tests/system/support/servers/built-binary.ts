import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fixture } from '../fixtures/fixture.js'

const command = fileURLToPath(new URL('../../../../packages/cli/bin/hallpass.js', import.meta.url))

/** `hallpass serve` as an operator runs it, on one database. */
export interface ServerProcess {
  readonly url: string
  /** From the start of the process until its first ready response. */
  readonly readyMilliseconds: number
  /** Kills it without warning. Resolves when it has exited. */
  readonly killNine: () => Promise<void>
}

const settableDate = fileURLToPath(new URL('../time/settable-date.mjs', import.meta.url))

/**
 * Starts the built command, with its clock ahead by `aheadMilliseconds`. The same folder and master key make it the same
 * server.
 */
export async function startProcess(folder: string, masterKey: Buffer, aheadMilliseconds = 0): Promise<ServerProcess> {
  const fixtureFile = join(folder, 'fixture.json')
  writeFileSync(fixtureFile, JSON.stringify(fixture))
  const clockFile = join(folder, 'clock')
  writeFileSync(clockFile, String(aheadMilliseconds))
  const startedAt = performance.now()
  const flags = ['--port', '0', '--database-url', `file:${join(folder, 'hallpass.db')}`, '--fixture', fixtureFile]
  const child = spawn(process.execPath, [command, 'serve', ...flags, '--log-level', 'error'], {
    env: {
      ...process.env,
      HALLPASS_MASTER_KEY: masterKey.toString('base64url'),
      HALLPASS_PUBLIC_URL: 'https://pass.example',
      ...(aheadMilliseconds > 0 && { NODE_OPTIONS: `--import=${settableDate}`, TEST_CLOCK_FILE: clockFile }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const errors: string[] = []
  child.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as unknown[]
  const url = String(line).split(' listening on ')[1]
  if (!url) throw new Error(`the server did not start: ${errors.join('')}`)
  const ready = await fetch(`${url}/health/ready`)
  if (!ready.ok) throw new Error(`the server reported that it listens but is not ready: ${ready.status}`)
  return { url, readyMilliseconds: performance.now() - startedAt, killNine: () => kill(child, exited) }
}

async function kill(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await exited
}
