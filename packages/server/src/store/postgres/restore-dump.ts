import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { StartError } from '../../errors.js'
import { connectionTo } from './connect.js'
import { readDump } from './dump-postgres.js'
import { runPostgresTool } from './postgres-tools.js'

/** Reads a setting of the database in a dump. Undefined if the dump has no such setting. */
export async function readDumpedSetting(
  file: string,
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  let value: string | undefined
  await readDump({ file, env, filter: ['--table=settings'] }, (_, row) => {
    const [key, text] = row.split('\t').map(unescapeCopied)
    if (key === name) value = text
  })
  return value
}

/** Undoes the escapes that a text of printable characters can have. */
const unescapeCopied = (text: string) => text.replace(/\\(.)/g, '$1')

/** Fills an empty database from a dump: with all of it, or not at all. */
export async function restoreDump(url: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { database, schema, tables } = await lookAt(url)
  if (tables > 0) {
    throw new StartError(
      `The database already has ${tables} tables in the schema ${schema}. Restore into a new, empty database, and then point the servers to it.`,
    )
  }
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-restore-'))
  try {
    const list = join(folder, 'list')
    writeFileSync(list, await listContents(file, env))
    const whole = ['--no-owner', '--single-transaction', '--exit-on-error', `--use-list=${list}`]
    await runPostgresTool('pg_restore', { env, url, args: [...whole, `--dbname=${database}`, file] })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Target {
  readonly database: string
  readonly schema: string
  readonly tables: number
}

async function lookAt(url: string): Promise<Target> {
  const client = new pg.Client(connectionTo(url).config)
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<Target>(
      'select current_database() as database, current_schema() as schema, (select count(*) from pg_tables where schemaname = current_schema()) as tables',
    )
    const [target] = rows
    if (!target?.schema) throw new StartError('The user has no schema in this database to restore into.')
    return target
  } finally {
    await client.end().catch(() => {})
  }
}

/** What to restore, in the format of `pg_restore --list`: all but the schema, which exists and may have another owner. */
async function listContents(file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const lines: string[] = []
  await runPostgresTool('pg_restore', { env, args: ['--list', file], onLine: (line) => lines.push(line) })
  return lines.filter((line) => !/ (SCHEMA -|(COMMENT|ACL) - SCHEMA) /.test(line)).join('\n')
}
