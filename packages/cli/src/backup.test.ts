import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
const onHost = (...words: string[]) => hallpass([...words, '--database-url', `file:${join(folder, 'x.db')}`], { env })

describe('hallpass migrate', () => {
  test('lists each migration and applies it once', async () => {
    const first = await onHost('migrate')
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toMatch(/^0001-initial: applied now\n/)
    expect(first.stdout).toMatch(/\nMigrations applied: [1-9]\d*\.\n$/)
    const second = await onHost('migrate')
    expect(second.stdout).toMatch(/^0001-initial: applied 2\d{3}-.*Z\n/)
    expect(second.stdout).toMatch(/\nThe database was already up to date\.\n$/)
  })
})

describe('hallpass backup and restore', () => {
  test('restore the database, with progress on stderr', async () => {
    await onHost('migrate')
    const file = join(folder, 'backup.db')
    const made = await onHost('backup', file)
    expect(made.exitCode).toBe(0)
    expect(made.stdout).toMatch(
      /backup\.db: \d+ bytes, as of 2.*\nTo restore it, you need the master key with the fingerprint .{19}\. /,
    )
    expect(made.stderr).toMatch(/copying: \d+ of \d+ pages\n$/)
    expect((await onHost('restore', file)).stderr).toMatch(/Use --force to replace it\.\n$/)
    const restored = await onHost('restore', file, '--force')
    expect(restored.exitCode).toBe(0)
    expect(restored.stdout).toMatch(
      /^The database was restored to its state of 2.*\nEvery token and session .* was invalidated\.\n$/,
    )
    const [entry] = JSON.parse((await onHost('audit', 'list')).stdout).data
    expect(entry).toMatchObject({ operation: 'backup.restore', changes: { made_at: expect.stringMatching(/^2/) } })
    expect((await onHost('audit', 'verify')).exitCode).toBe(0)
  })

  test('a restore needs either a backup file or --mark', async () => {
    for (const words of [['restore'], ['restore', 'x', '--mark']]) {
      const { exitCode, stderr } = await onHost(...words)
      expect(exitCode).toBe(1)
      expect(stderr).toContain('Give either a backup file or --mark.')
    }
    await onHost('migrate')
    expect((await onHost('restore', '--mark')).stdout).toMatch(/^Every token and session .* was invalidated\.\n$/)
  })
})
