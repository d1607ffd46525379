import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { createServer, loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { expect, inject, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'

async function warningsOf(databaseUrl: string): Promise<string[]> {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      const { level, msg } = JSON.parse(chunk.toString())
      if (level === 40) lines.push(msg)
      done()
    },
  })
  const flags = { port: '0', 'database-url': databaseUrl, 'public-url': 'https://pass.example' }
  const config = loadConfig(flags, { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') })
  const server = await createServer(config, { log: pino({ base: null }, stream), noticeMilliseconds: 0 })
  await server.ready
  await server.stop()
  return lines
}

test('a start warns of a user to whom row-level security does not apply, without its password', async () => {
  const postgres = inject('postgres')
  const url = await createDatabase(postgres)
  expect(await warningsOf(url)).toEqual([])
  const { username, password } = new URL(postgres?.adminUrl ?? '')
  const asAdmin = Object.assign(new URL(await createDatabase(postgres)), { username, password }).href
  const warnings = await warningsOf(asAdmin)
  expect(warnings).toEqual([
    expect.stringContaining('row-level security does not apply to its user. Fix: Connect as a user'),
  ])
  expect(warnings[0]).not.toContain(`:${password}@`)
})
