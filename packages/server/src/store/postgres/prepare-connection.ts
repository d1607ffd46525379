import type pg from 'pg'
import type { TimeLimits } from './connect.js'
import { preparedSteps } from './scoped-query.js'

/** The connections that may have another PostgreSQL process for each transaction, with the limits of what they run. */
const pooled = new WeakMap<pg.ClientBase, TimeLimits>()

/** The limits that each statement of this connection must bring along; undefined if the connection keeps them. */
export const pooledLimitsOf = (client: pg.ClientBase): TimeLimits | undefined => pooled.get(client)

/**
 * Run once on each new connection. A direct connection gets its limits and the statements that set a scope. A pooler
 * may give the process behind a connection to someone else after each transaction, so nothing is left there.
 */
export async function prepareConnection(
  client: pg.ClientBase,
  { limits, isPooled }: { readonly limits: TimeLimits; readonly isPooled: boolean },
): Promise<void> {
  if (isPooled || !(await limitIfDirect(client, limits))) {
    pooled.set(client, limits)
    return
  }
  for (const { name, text, values } of preparedSteps) await client.query({ name, text, values: [...values] })
}

/** The id of the PostgreSQL process that the connection was announced with. pg has it, but not in its published types. */
export const announcedProcessOf = (client: pg.ClientBase): number | null =>
  (client as unknown as { processID: number | null }).processID

/**
 * Sets the limits if the connection leads to PostgreSQL itself. A pooler announces a process id of its own, because it
 * has to pass on requests to cancel. Returns whether the connection is direct.
 */
async function limitIfDirect(client: pg.ClientBase, { statement, lock, idleInTransaction }: TimeLimits) {
  const isDirect = `pg_backend_pid() = ${announcedProcessOf(client) ?? 0}`
  const { rows } = await client.query<{ direct: boolean }>(`select ${isDirect} as direct,
    case when ${isDirect} then set_config('statement_timeout', '${statement}', false) end,
    case when ${isDirect} then set_config('lock_timeout', '${lock}', false) end,
    case when ${isDirect} then set_config('idle_in_transaction_session_timeout', '${idleInTransaction}', false) end`)
  return rows[0]?.direct === true
}
