import { createHash } from 'node:crypto'
import pg, { type PoolClient, type QueryResult } from 'pg'
import { inIndexOrder, scopeSetting } from '../scope.js'
import type { TimeLimits } from './connect.js'

/** The members of pg's own class that a query needs, beyond its published types. */
interface WireQuery {
  prepare(connection: WireConnection): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: unknown): void
}
interface WireConnection {
  parse(config: { text: string; name: string; types: readonly number[] }): void
  bind(config: { portal: string; statement: string; values: unknown[] }): void
  execute(config: { portal: string }): void
}

const base = pg.Query as unknown as new (config: object, values: undefined, callback: Callback) => WireQuery
type Callback = (error: Error | null, result: QueryResult) => void

const scopeText = `set_config('${scopeSetting}', $1, true)`
/** Makes the statement follow the order of its index, see {@link inIndexOrder}. */
const orderText = `set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`

const setScope = { name: 'hallpass-scope', text: `select ${scopeText}`, values: [''] }
const setScopeAndOrder = { name: 'hallpass-scope-and-order', text: `select ${scopeText}, ${orderText}`, values: [''] }

/** Run once on each new connection that keeps its prepared statements. */
export const prepareScope = [setScope, setScopeAndOrder] as const

/** The settings of one statement. Without a name, they aren't prepared on the connection. */
interface Setting {
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
}

/**
 * A statement that first makes its settings. Both are sent together and are one transaction (PostgreSQL, "Extended
 * Query"), so they cost no extra round trip and end with the transaction.
 */
class SettingQuery extends base {
  readonly #setting: Setting
  #isSet = false

  constructor(statement: object, setting: Setting, callback: Callback) {
    super(statement, undefined, callback)
    this.#setting = setting
  }

  override prepare(connection: WireConnection): void {
    const { name, text, values } = this.#setting
    if (name === '') connection.parse({ name, text, types: [] })
    connection.bind({ portal: '', statement: name, values: [...values] })
    connection.execute({ portal: '' })
    super.prepare(connection)
  }

  override handleDataRow(message: unknown): void {
    if (this.#isSet) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.#isSet) super.handleCommandComplete(message, connection)
    this.#isSet = true
  }
}

/** Rows that are written together vary in number, and each number would need its own prepared statement. */
const mostPrepared = 40

/** What to run: a text with values, with or without a scope. */
export interface Statement {
  readonly text: string
  readonly values: unknown[]
  readonly scope: string | undefined
}

/** Runs a statement on a connection that keeps its limits and its prepared statements. */
export function runStatement(client: PoolClient, { text, values, scope }: Statement): Promise<QueryResult> {
  // the statements of a migration
  if (scope === undefined && values.length === 0) return client.query(text)
  const name = values.length <= mostPrepared ? { name: nameOf(text) } : {}
  const statement = { ...name, text, values }
  if (scope === undefined) return client.query(statement)
  const setting = text.includes(inIndexOrder) ? setScopeAndOrder : setScope
  return runWith(client, statement, { ...setting, values: [scope] })
}

/** Runs a statement that brings its limits along and leaves nothing behind, on a connection through a pooler. */
export function runPooled(
  client: PoolClient,
  { text, values, scope }: Statement,
  limits: TimeLimits,
): Promise<QueryResult> {
  const settings = [
    ...(scope === undefined ? [] : [scopeText]),
    ...(text.includes(inIndexOrder) ? [orderText] : []),
    `set_config('statement_timeout', '${limits.statement}', true)`,
    `set_config('lock_timeout', '${limits.lock}', true)`,
    `set_config('idle_in_transaction_session_timeout', '${limits.idleInTransaction}', true)`,
  ]
  const setting = { name: '', text: `select ${settings.join(', ')}`, values: scope === undefined ? [] : [scope] }
  return runWith(client, { text, values, queryMode: 'extended' }, setting)
}

function runWith(client: PoolClient, statement: object, setting: Setting): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const query = new SettingQuery(statement, setting, (error, result) => (error ? reject(error) : resolve(result)))
    // pg accepts any object that can submit itself
    client.query(query as unknown as pg.Submittable)
  })
}

const names = new Map<string, string>()

/** One name for each text. There are few texts, see {@link mostPrepared}. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
  names.set(text, name)
  return name
}
