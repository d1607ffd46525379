import type { Socket } from 'node:net'
import pg from 'pg'
import { parsePostgresUrl } from './parse-postgres-url.js'

/**
 * How long the parts of a call wait, in milliseconds. Together they stay below the 5 s within which every call gets a
 * response.
 */
const timeouts = {
  /** For a connection, new or from the pool. */
  connect: 2_800,
  /** For a response. After this time, the connection counts as lost. */
  answer: 2_000,
  statement: 1_800,
  lock: 1_500,
  idleInTransaction: 5_000,
} as const

const bigint = 20

/** Counts and times are far below 2^53, so they are converted to numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === bigint && format !== 'binary' ? Number : pg.types.getTypeParser(id, format),
}

/** The settings of every connection. Settings in the URL take precedence. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    application_name: 'hallpass',
    connectionTimeoutMillis: timeouts.connect,
    query_timeout: timeouts.answer,
    statement_timeout: timeouts.statement,
    lock_timeout: timeouts.lock,
    idle_in_transaction_session_timeout: timeouts.idleInTransaction,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types,
    ...parsePostgresUrl(url),
  }
}

/** For migrations, which may have to wait until others finish theirs. */
export const patientConfig = (url: string): pg.ClientConfig => ({
  ...connectionConfig(url),
  query_timeout: 0,
  statement_timeout: 0,
  lock_timeout: 0,
})

/** The socket of a connection. pg has it, but not in its published types. */
export const socketOf = (client: pg.ClientBase) =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream
