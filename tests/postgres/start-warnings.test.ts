import { randomBytes } from 'node:crypto'
import { loadConfig, type ServeFlags } from '@hallpass/server'
import { expect, inject, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { directUrlOf } from '../system/support/servers/server-parts.js'
import { warningsOf } from '../system/support/servers/warnings-of.js'

const masterKey = randomBytes(32).toString('base64url')
const start = (databaseUrl: string, more: ServeFlags = {}) => {
  const flags = { port: '0', 'database-url': databaseUrl, 'public-url': 'https://pass.example', ...more }
  const env = { HALLPASS_MASTER_KEY: masterKey, HALLPASS_DATABASE_DIRECT_URL: directUrlOf(databaseUrl) }
  return warningsOf(loadConfig(flags, env))
}

test('a user who bypasses row-level security gets a warning, and is refused in production', async () => {
  const postgres = inject('postgres')
  const url = await createDatabase(postgres)
  expect(await start(url)).toEqual([])
  const { username, password } = new URL(postgres?.adminUrl ?? '')
  const asAdmin = Object.assign(new URL(await createDatabase(postgres)), { username, password }).href
  const warnings = await start(asAdmin)
  expect(warnings).toEqual([
    expect.stringContaining('row-level security does not apply to its user. Fix: Connect as a user'),
  ])
  expect(warnings[0]).not.toContain(`:${password}@`)
  await expect(start(asAdmin, { profile: 'production' })).rejects.toThrow('row-level security does not apply')
})
