import { randomBytes } from 'node:crypto'
import { loadConfig } from '@hallpass/server'
import { expect, inject, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { directUrlOf } from '../system/support/servers/server-parts.js'
import { warningsOf } from '../system/support/servers/warnings-of.js'

const masterKey = randomBytes(32).toString('base64url')
const start = (databaseUrl: string) => {
  const flags = { port: '0', 'database-url': databaseUrl, 'public-url': 'https://pass.example' }
  const env = { HALLPASS_MASTER_KEY: masterKey, HALLPASS_DATABASE_DIRECT_URL: directUrlOf(databaseUrl) }
  return warningsOf(loadConfig(flags, env))
}

test('a start warns about a user who bypasses row-level security, without the password', async () => {
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
})
