import { readdir } from 'node:fs/promises'
import type { HallpassServer } from '@hallpass/server'
import { afterEach, beforeEach } from 'vitest'
import { type Served, type Start, serve } from './child-process.js'
import { startHere } from './serve-in-process.js'
import { temporaryFolder } from './temporary-folder.js'

/** A new folder for each test, with servers that stop when the test ends. */
export function withFolder() {
  // each test sets both before it runs
  let current: Awaited<ReturnType<typeof temporaryFolder>> = { path: '', remove: async () => {} }
  let running: { readonly stop: () => Promise<unknown> }[] = []
  beforeEach(async () => {
    current = await temporaryFolder()
    running = []
  })
  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()))
    await current.remove()
  })
  return {
    folder: {
      get path() {
        return current.path
      },
    },
    /** The names of the files in it, sorted. */
    files: async () => (await readdir(current.path)).sort(),
    /** `hallpass serve` in the folder. */
    async start(more: Omit<Start, 'cwd'> = {}): Promise<Served> {
      const server = await serve({ cwd: current.path, ...more })
      running.push({ stop: () => server.stop('SIGKILL') })
      return server
    },
    /** The same server in this process, which takes a tenth of the time. */
    async startInProcess(more: Omit<Start, 'cwd'> = {}): Promise<HallpassServer> {
      const server = await startHere({ cwd: current.path, ...more })
      running.push(server)
      await server.ready
      return server
    },
  }
}
