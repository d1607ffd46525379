import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import workerd from 'workerd'
import type { WorkerCall } from './worker.js'

const config = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "2026-01-01",
    )),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`

/** The runtime of Cloudflare Workers, with a worker that verifies tokens. */
export interface Workerd {
  /** The worker's answer: `ok`, or the reason for the refusal. */
  readonly verify: (call: WorkerCall) => Promise<string>
  readonly stop: () => Promise<void>
}

export async function startWorkerd(): Promise<Workerd> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-workerd-'))
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    conditions: ['@hallpass/source', 'workerd'],
    outfile: join(folder, 'worker.js'),
    logLevel: 'warning',
  })
  await writeFile(join(folder, 'config.capnp'), config)
  const child = spawn(workerd, ['serve', join(folder, 'config.capnp'), '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const [started] = await once(child.stdio[3] as NodeJS.ReadableStream, 'data')
  const { port } = JSON.parse(String(started).split('\n')[0] ?? '')
  return {
    async verify(call) {
      const body = JSON.stringify(call)
      const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body })
      return response.ok ? ((await response.json()) as string) : `${response.status} ${await response.text()}`
    },
    async stop() {
      child.kill()
      await exited
      await rm(folder, { recursive: true })
    },
  }
}
