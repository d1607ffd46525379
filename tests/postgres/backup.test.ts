import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backUp, restore } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'
import { introspect, mintBridgeToken, mintCardToken } from '../system/support/fixtures/mint.js'
import { startServer } from '../system/support/servers/in-process-server.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { type InstalledPostgres, installedPrograms, startInstalledPostgres } from './support/installed-postgres.js'

const programs = installedPrograms()
if (!programs) process.stderr.write('Skipped without pg_dump: tests/support/install-postgresql.sh installs it.\n')

const masterKey = randomBytes(32)
const env = { HALLPASS_MASTER_KEY: masterKey.toString('base64url') }

describe.skipIf(!programs)('backups of PostgreSQL', () => {
  let postgres: InstalledPostgres
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let database: string
  beforeAll(async () => {
    folder = await temporaryFolder()
    postgres = await startInstalledPostgres(programs ?? '')
    database = await createDatabase(postgres)
  })
  afterAll(async () => {
    await postgres?.remove()
    await folder?.remove()
  })

  const at = (name: string) => join(folder.path, name)
  const host = (url: string, more: NodeJS.ProcessEnv = env) => ({
    flags: { 'database-url': url },
    env: { PATH: `${folder.path}:${programs}:${process.env.PATH}`, ...more },
  })
  const serverOn = (databaseUrl: string) =>
    startServer({ config: { databaseUrl, masterKey, publicUrl: 'https://pass.example' } })

  /** Puts a program before the real one of that name. */
  function replaceProgram(name: string, script: string): void {
    writeFileSync(at(name), `#!/bin/sh\n${script}\n`)
    chmodSync(at(name), 0o755)
    onTestFinished(() => writeFileSync(at(name), `#!/bin/sh\nexec ${programs}/${name} "$@"\n`))
  }

  test('restore a database in use into an empty one, and end what was issued', async () => {
    const server = await serverOn(database)
    const token = await mintBridgeToken(server)
    const backup = await backUp(host(`${database}?statement_timeout=1000`), at('whole.dump'))
    expect(backup).toMatchObject({ file: at('whole.dump'), bytes: statSync(at('whole.dump')).size })
    expect(statSync(at('whole.dump')).mode & 0o777).toBe(0o600)
    await server.stop()
    const other = await createDatabase(postgres)
    const { restored_at } = await restore(host(other), at('whole.dump'))
    // the clocks of replicas may differ by 30 s
    expect(Date.parse(restored_at)).toBeGreaterThan(Date.now() + 20_000)
    const restored = await serverOn(other)
    expect(await introspect(restored, token)).toEqual({ active: false })
    expect(await mintCardToken(restored)).toMatch(/^[0-9a-f-]{36}$/)
    await restored.stop()
  })

  test('fail if the dump lacks a row, and leave no file', async () => {
    // without this setting, row-level security hides every account, and pg_dump still ends with 0
    replaceProgram('pg_dump', `PGOPTIONS= exec ${programs}/pg_dump "$@"`)
    await expect(backUp(host(database), at('part.dump'))).rejects.toThrow(/incomplete: the table \w+ has \d+ rows/)
    expect(() => statSync(at('part.dump'))).toThrow('ENOENT')
  })

  test('give the programs no password as an argument, and report their failure in one line', async () => {
    replaceProgram('pg_dump', `echo "$@" > ${at('arguments')}; echo 'out of\nspace' >&2; exit 3`)
    await expect(backUp(host(database), at('x.dump'))).rejects.toThrow('pg_dump failed: out of space')
    expect(readFileSync(at('arguments'), 'utf8')).not.toContain('postgres://')
  })

  test('say what to install if the programs are missing', async () => {
    const withoutPrograms = { ...env, PATH: '/nonexistent' }
    await expect(backUp(host(database, withoutPrograms), at('x.dump'))).rejects.toThrow('Install the client programs')
  })

  test('are refused for a wrong master key, an existing file and another database', async () => {
    const other = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
    await expect(backUp(host(database, other), at('x.dump'))).rejects.toThrow('has the fingerprint')
    await expect(backUp(host(database, {}), at('x.dump'))).rejects.toThrow('Set HALLPASS_MASTER_KEY.')
    await expect(backUp(host(database), at('whole.dump'))).rejects.toThrow('--force')
    await expect(backUp(host(await createDatabase(postgres)), at('x.dump'))).rejects.toThrow('not a Hallpass database')
  })

  test('are not restored over tables, with a wrong master key, or from another file', async () => {
    await expect(restore(host(database), at('whole.dump'))).rejects.toThrow('Restore into a new, empty database')
    const empty = await createDatabase(postgres)
    const other = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
    await expect(restore(host(empty, other), at('whole.dump'))).rejects.toThrow('has the fingerprint')
    writeFileSync(at('text'), 'no dump')
    await expect(restore(host(empty), at('text'))).rejects.toThrow('pg_restore failed: ')
    await expect(restore(host(empty), at('none'))).rejects.toThrow('There is no backup')
    expect(await query(empty, `select 1 from pg_tables where schemaname = 'public'`)).toEqual([])
  })
})
