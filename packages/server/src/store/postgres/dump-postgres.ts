import pg from 'pg'
import { StartError } from '../../errors.js'
import { scopeSetting } from '../scope.js'
import { patientConnectionTo } from './connect.js'
import { runPostgresTool } from './postgres-tools.js'

/** The number of rows by table. */
type RowCounts = ReadonlyMap<string, number>

/**
 * Writes all tables of a database into a file for pg_restore, as they were at one moment, while servers use it. Throws a
 * StartError unless the file has every row of that moment.
 */
export async function dumpPostgres(url: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const client = new pg.Client(patientConnectionTo(url).config)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('begin isolation level repeatable read read only')
    await client.query(`select set_config('${scopeSetting}', 'host', true)`)
    const { rows } = await client.query<{ snapshot: string; schema: string }>(
      'select pg_export_snapshot() as snapshot, current_schema() as schema',
    )
    const { snapshot = '', schema = '' } = rows[0] ?? {}
    const expected = await countRows(client, schema)
    const content = ['--format=custom', '--no-owner', '--enable-row-security', `--schema=${quote(schema)}`]
    await runPostgresTool('pg_dump', { env, url, args: [...content, `--snapshot=${snapshot}`, `--file=${file}`] })
    requireComplete(expected, await countDumped(file, env))
  } finally {
    await client.end().catch(() => {})
  }
}

async function countRows(client: pg.Client, schema: string): Promise<RowCounts> {
  const { rows } = await client.query<{ tablename: string }>('select tablename from pg_tables where schemaname = $1', [
    schema,
  ])
  const counts = new Map<string, number>()
  for (const { tablename } of rows) {
    const counted = await client.query<{ rows: number }>(
      `select count(*) as rows from ${quote(schema)}.${quote(tablename)}`,
    )
    counts.set(tablename, Number(counted.rows[0]?.rows))
  }
  return counts
}

const quote = (name: string) => pg.escapeIdentifier(name)

async function countDumped(file: string, env: NodeJS.ProcessEnv): Promise<RowCounts> {
  const counts = new Map<string, number>()
  await readDump({ file, env }, (table) => counts.set(table, (counts.get(table) ?? 0) + 1))
  return counts
}

function requireComplete(expected: RowCounts, dumped: RowCounts): void {
  for (const [table, rows] of expected) {
    const found = dumped.get(table) ?? 0
    if (found === rows) continue
    throw new StartError(
      `The backup is incomplete: the table ${table} has ${rows} rows, and pg_dump wrote ${found}. Connect as the user that owns the tables.`,
    )
  }
}

/** Reads the rows in a dump, each as the text that COPY writes: values with tabs between them, one row per line. */
export async function readDump(
  { file, env, filter = [] }: { file: string; env: NodeJS.ProcessEnv; filter?: readonly string[] },
  onRow: (table: string, row: string) => void,
): Promise<void> {
  let table: string | undefined
  await runPostgresTool('pg_restore', {
    env,
    args: ['--data-only', ...filter, '--file=-', file],
    onLine(line) {
      if (table === undefined) table = copyLine.exec(line)?.[1]
      else if (line === '\\.') table = undefined
      else onRow(table, line)
    },
  })
}

/** Such as `COPY public.accounts (id, name) FROM stdin;`. */
const copyLine = /^COPY (?:.*\.)?"?(\w+)"? \(.*\) FROM stdin;$/
