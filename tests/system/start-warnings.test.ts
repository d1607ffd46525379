import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig, type ServeFlags } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { warningsOf as warningsOfStart } from './support/servers/warnings-of.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const at = (name: string) => join(folder.path, name)

const warningsOf = (flags: ServeFlags, env: Record<string, string> = {}) =>
  warningsOfStart(loadConfig({ port: '0', 'database-url': `file:${at('x.db')}`, ...flags }, env))

describe('a start', () => {
  test('logs no warning for a new database that only this machine can reach', async () => {
    expect(await warningsOf({})).toEqual([])
    expect(await readdir(folder.path)).toContain('x.db.key')
  })

  test('warns once about each file that other users can read, with the command that fixes it', async () => {
    await warningsOf({})
    await chmod(at('x.db'), 0o644)
    await chmod(at('x.db.key'), 0o640)
    const [database = '', key, ...others] = await warningsOf({})
    // the write-ahead log of an open database has the mode of the database
    expect(database).toContain(`database: other users of this machine can access ${at('x.db')} `)
    expect(database).toContain(` Fix: chmod 600 ${at('x.db')} `)
    expect(key).toBe(
      `master key: other users of this machine can access ${at('x.db.key')}. Fix: chmod 600 ${at('x.db.key')}`,
    )
    expect(others).toEqual([])
  })

  test('does not warn about the mode of a key file that is not used', async () => {
    const env = { HALLPASS_MASTER_KEY: 'kq3vVYxw0e8gS1Bz6mJtR9hDcLnA2uPfXoIyWbE4ZQc' }
    await warningsOf({}, env)
    expect(await warningsOf({}, env)).toEqual([])
  })

  test('warns about a public address without a public URL, and a public URL without encryption', async () => {
    const memory = { 'database-url': ':memory:' }
    expect(await warningsOf({ ...memory, host: '0.0.0.0' })).toEqual([
      expect.stringMatching(/^configuration: it listens on 0\.0\.0\.0, .* Fix: Set HALLPASS_PUBLIC_URL to the origin /),
    ])
    expect(await warningsOf({ ...memory, host: '0.0.0.0', 'public-url': 'https://pass.example' })).toEqual([])
    expect(await warningsOf({ ...memory, 'public-url': 'http://pass.example' })).toEqual([
      expect.stringMatching(/^configuration: http:\/\/pass\.example is not encrypted\. Fix: /),
    ])
  })
})
