import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { demoFolder } from '../testing/demo-folder.js'

const freePorts = { HALLPASS_PORT: '0', DEMO_PORT: '0', WIDGETS_PORT: '0', ATTACKER_PORT: '0' }
const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

const script = fileURLToPath(new URL('../testing/run-built-demo.mjs', import.meta.url))

/** Runs the built demo in a child process, with a new database. */
function run(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-demo-'))
  // detached, so that a test can signal the process group as a terminal does
  const child = spawn(process.execPath, [script, join(folder, 'demo.db')], {
    cwd: demoFolder,
    detached: true,
    env: { PATH: process.env.PATH, ...freePorts, ...env },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  cleanUps.push(() => {
    signalGroup(child, 'SIGKILL')
    rmSync(folder, { recursive: true })
  })
  return { child, said, ended }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals) {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // the process has already ended
  }
}

async function runUntilReady() {
  const demo = run()
  await expect.poll(() => demo.said.stdout).toContain('\nwidgets listening on ')
  const addressOf = (name: string) => new RegExp(`^${name} listening on (\\S+)$`, 'm').exec(demo.said.stdout)?.[1] ?? ''
  return { ...demo, demoUrl: addressOf('demo'), hallpassUrl: addressOf('hallpass'), widgetsUrl: addressOf('widgets') }
}

describe('npm start', { timeout: 30_000 }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'serves until %s, then stops both processes and exits with 0',
    async (signal) => {
      const { child, said, ended, demoUrl, hallpassUrl, widgetsUrl } = await runUntilReady()
      expect(said.stdout).toMatch(
        /^hallpass listening on http:\/\/127\.0\.0\.1:\d+\ndemo listening on .*\nwidgets listening on /,
      )
      expect((await fetch(`${demoUrl}/api/bridge`, { method: 'POST' })).status).toBe(200)
      child.kill(signal)
      expect({ code: await ended, stderr: said.stderr }).toEqual({ code: 0, stderr: '' })
      for (const url of [demoUrl, hallpassUrl, widgetsUrl]) await expect(fetch(url)).rejects.toThrow()
    },
  )

  test('exits with 0 on Ctrl-C, which signals both processes', async () => {
    const { child, said, ended } = await runUntilReady()
    signalGroup(child, 'SIGINT')
    expect({ code: await ended, stderr: said.stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('exits with 1 and one line if its port is taken, and stops Hallpass', async () => {
    const { port } = await takePort()
    const { said, ended } = run({ DEMO_PORT: String(port) })
    expect(await ended).toBe(1)
    expect(said.stderr).toBe(
      `demo: Port ${port} on 127.0.0.1 is in use. Stop the process that uses it, or set DEMO_PORT to another port.\n`,
    )
    const [, hallpassUrl = ''] = /hallpass listening on (\S+)/.exec(said.stdout) ?? []
    await expect(fetch(hallpassUrl)).rejects.toThrow()
  })

  test("exits with 1 and Hallpass's own error if Hallpass can't start", async () => {
    const { port } = await takePort()
    const { said, ended } = run({ HALLPASS_PORT: String(port) })
    expect(await ended).toBe(1)
    expect(said.stderr).toMatch(new RegExp(`^hallpass: Port ${port} [^\\n]+\\n$`))
    expect(said.stdout).toBe('')
  })

  test('exits with 1 and one line for an invalid port', async () => {
    const { said, ended } = run({ DEMO_PORT: 'http' })
    expect(await ended).toBe(1)
    expect(said.stderr).toBe('demo: DEMO_PORT is "http". It must be a whole number from 0 to 65535.\n')
  })
})

async function takePort(): Promise<{ port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  return { port: address.port }
}
