import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { SharedDatabase } from '../database.js'
import { announcedProcessOf } from './prepare-connection.js'

/** How long a notification may take. */
const noticeMilliseconds = 2_000

const askProcess = 'select pg_backend_pid() as process'

/**
 * Whether a connection keeps its session while it is idle: its locks, and what it listens for. Through a pooler in
 * transaction mode it doesn't. `query` runs a statement on another connection to the same database.
 */
export async function keepsSession(client: pg.Client, { query }: Pick<SharedDatabase, 'query'>): Promise<boolean> {
  const before = processOf(await client.query(askProcess))
  const other = processOf(await query({ text: askProcess, values: [] }))
  const after = processOf(await client.query(askProcess))
  // two open connections share a process, or one changes its process: only a pooler does that
  if (before !== after || before === other) return false
  if (before === announcedProcessOf(client)) return true
  return hearsNotification(client, query)
}

const processOf = ({ rows }: { rows: unknown[] }) => (rows as { process: number }[])[0]?.process

/** A notification arrives on an idle connection only if the process that listens still belongs to the connection. */
async function hearsNotification(client: pg.Client, query: SharedDatabase['query']): Promise<boolean> {
  const channel = `hallpass_probe_${randomBytes(8).toString('hex')}`
  await client.query(`listen ${channel}`)
  const heard = new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, noticeMilliseconds, false)
    client.on('notification', (notification) => {
      if (notification.channel !== channel) return
      clearTimeout(timer)
      resolve(true)
    })
  })
  await query({ text: 'select pg_notify($1, $2)', values: [channel, ''] })
  if (!(await heard)) return false
  await client.query(`unlisten ${channel}`)
  return true
}
