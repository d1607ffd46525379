import type { Socket } from 'node:net'
import pg from 'pg'
import { parsePostgresUrl } from './parse-postgres-url.js'

/** How long PostgreSQL waits before it ends something, in milliseconds. 0 is no limit. */
export interface TimeLimits {
  readonly statement: number
  readonly lock: number
  readonly idleInTransaction: number
}

/** A pool or a connection to open, and the limits of what it runs. */
export interface Connecting {
  readonly config: pg.PoolConfig
  readonly limits: TimeLimits
}

/**
 * How long the parts of a call wait, in milliseconds. Together they stay below the 5 s within which every call gets a
 * response.
 */
const timeouts = {
  /** For a connection, new or from the pool. */
  connect: 2_800,
  /** For a response. After this time, the connection counts as lost. */
  answer: 2_000,
} as const

const usualLimits: TimeLimits = { statement: 1_800, lock: 1_500, idleInTransaction: 5_000 }

const bigint = 20

/** Counts and times are far below 2^53, so they are converted to numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === bigint && format !== 'binary' ? Number : pg.types.getTypeParser(id, format),
}

/**
 * The settings of every connection. Settings in the URL take precedence. Limits aren't start-up parameters, because
 * poolers refuse those.
 */
export function connectionTo(url: string): Connecting {
  const {
    statement_timeout: statement,
    lock_timeout: lock,
    idle_in_transaction_session_timeout: idleInTransaction,
    ...config
  } = parsePostgresUrl(url)
  return {
    config: {
      application_name: 'hallpass',
      connectionTimeoutMillis: timeouts.connect,
      query_timeout: timeouts.answer,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      types,
      ...config,
    },
    limits: {
      statement: milliseconds(statement, usualLimits.statement),
      lock: milliseconds(lock, usualLimits.lock),
      idleInTransaction: milliseconds(idleInTransaction, usualLimits.idleInTransaction),
    },
  }
}

/** For migrations, which may have to wait until others finish theirs. */
export const patientConnectionTo = (url: string): Connecting => ({
  config: { ...connectionTo(url).config, query_timeout: 0 },
  limits: { statement: 0, lock: 0, idleInTransaction: usualLimits.idleInTransaction },
})

/** A value in a URL is text, whatever pg's types say. */
const milliseconds = (given: unknown, usual: number): number => {
  const number = Number.parseInt(String(given ?? ''), 10)
  return Number.isNaN(number) ? usual : number
}

/** The socket of a connection. pg has it, but not in its published types. */
export const socketOf = (client: pg.ClientBase) =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream
