import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'x.db')

/** Creates the database with its first account. */
const createAccount = (environment: 'sandbox' | 'production', env: Record<string, string> = {}) =>
  hallpass(
    ['accounts', 'create', '--tenant', '2_9', '--environment', environment, '--database-url', `file:${file()}`],
    {
      env,
    },
  )

async function examine(flags: readonly string[], env: Record<string, string> = {}) {
  const target = ['--database-url', `file:${file()}`, '--port', '0', '--format', 'json']
  const { exitCode, stdout } = await hallpass(['doctor', ...target, ...flags], { env })
  const { checks }: { checks: { what: string; state: string }[] } = JSON.parse(stdout)
  return { exitCode, failed: checks.flatMap(({ what, state }) => (state === 'failed' ? [what] : [])) }
}

test('doctor fails for all that would keep a server for production from starting', async () => {
  expect((await createAccount('sandbox')).exitCode).toBe(0)
  chmodSync(file(), 0o644)
  const open = ['--host', '0.0.0.0', '--trust-proxy', '1']
  expect(await examine([...open, '--profile', 'production'])).toEqual({
    exitCode: 1,
    failed: ['configuration', 'configuration', 'database', 'master key'],
  })
  expect(await examine(open)).toEqual({ exitCode: 0, failed: [] })
})

test('doctor treats a database with a production account as one for production', async () => {
  const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
  expect((await createAccount('production', env)).exitCode).toBe(0)
  expect(await examine([], env)).toEqual({ exitCode: 0, failed: [] })
  expect(await examine(['--host', '0.0.0.0'], env)).toEqual({ exitCode: 1, failed: ['configuration'] })
  expect((await examine(['--host', '0.0.0.0', '--profile', 'sandbox'], env)).exitCode).toBe(0)
})
