import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer, loadConfig } from '@hallpass/server'
import { fixture } from '../fixtures/fixture.js'

/*
 * A server in a separate process that kills itself without warning during a request. After a message on stdin, it does
 * so as soon as it needs a random number after it has written something.
 * node crashing-server.ts <database file>
 */
const [database = ''] = process.argv.slice(2)
const written = () => statSync(`${database}-wal`).size

let harmless = Number.POSITIVE_INFINITY
const random = (size: number) => {
  if (harmless < Number.POSITIVE_INFINITY && written() > harmless) process.kill(process.pid, 'SIGKILL')
  return randomBytes(size)
}

const config = loadConfig({ port: '0', 'database-url': `file:${database}`, 'log-level': 'silent' })
const server = await createServer(config, { clock: { now: Date.now, random }, fixture })
process.stdout.write(`${server.url}\n`)
await once(process.stdin, 'data')
harmless = written()
process.stdout.write('armed\n')
