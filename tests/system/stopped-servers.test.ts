import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paths } from './support/fixtures/mint.js'
import { startServer } from './support/servers/in-process-server.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

let taken: Server
beforeAll(async () => {
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void taken.close())

/** What a server holds, to see whether something still holds the server. */
const newLog = () => pino({ level: 'silent' })

async function stopped(): Promise<WeakRef<object>> {
  const log = newLog()
  const server = await startServer({ log })
  await server.postAsAcme(paths.bridge, {})
  await server.stop()
  return new WeakRef(log)
}

async function refused(): Promise<WeakRef<object>> {
  const log = newLog()
  const { port } = taken.address() as AddressInfo
  await expect(startServer({ log, config: { port } })).rejects.toThrow('is in use')
  return new WeakRef(log)
}

test.each([
  ['was stopped', stopped],
  ["couldn't listen", refused],
])('a server that %s is not kept in memory', async (_, run) => {
  const logs: WeakRef<object>[] = []
  for (let count = 0; count < 5; count++) logs.push(await run())
  const countHeld = () => {
    collectGarbage()
    return logs.filter((log) => log.deref()).length
  }
  // a few timers end by themselves
  await expect.poll(countHeld, { timeout: 30_000 }).toBe(0)
})
