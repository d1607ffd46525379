import { createHash } from 'node:crypto'
import pg, { type PoolClient, type QueryResult } from 'pg'
import { inIndexOrder, scopeSetting } from '../scope.js'

/** The members of pg's own class that a query needs, beyond its published types. */
interface WireQuery {
  prepare(connection: WireConnection): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: unknown): void
}
interface WireConnection {
  bind(config: { portal: string; statement: string; values: unknown[] }): void
  execute(config: { portal: string }): void
}

const base = pg.Query as unknown as new (config: object, values: undefined, callback: Callback) => WireQuery
type Callback = (error: Error | null, result: QueryResult) => void

const setScope = {
  name: 'hallpass-scope',
  text: `select set_config('${scopeSetting}', $1, true)`,
  values: [''],
}
/** Also makes the statement follow the order of its index, see {@link inIndexOrder}. */
const setScopeAndOrder = {
  name: 'hallpass-scope-and-order',
  text: `select set_config('${scopeSetting}', $1, true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`,
  values: [''],
}

/** Run once on each new connection. */
export const prepareScope = [setScope, setScopeAndOrder] as const

/**
 * A prepared statement that first sets its scope. Both are sent together and are one transaction (PostgreSQL, "Extended
 * Query"), so the scope costs no extra round trip and ends with the transaction.
 */
class ScopedQuery extends base {
  readonly #scope: string
  readonly #setting: { readonly name: string }
  #isScopeSet = false

  constructor(statement: { readonly text: string }, scope: string, callback: Callback) {
    super(statement, undefined, callback)
    this.#scope = scope
    this.#setting = statement.text.includes(inIndexOrder) ? setScopeAndOrder : setScope
  }

  override prepare(connection: WireConnection): void {
    connection.bind({ portal: '', statement: this.#setting.name, values: [this.#scope] })
    connection.execute({ portal: '' })
    super.prepare(connection)
  }

  override handleDataRow(message: unknown): void {
    if (this.#isScopeSet) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.#isScopeSet) super.handleCommandComplete(message, connection)
    this.#isScopeSet = true
  }
}

/** Rows that are written together vary in number, and each number would need its own prepared statement. */
const mostPrepared = 40

/** Runs a statement, usually prepared once per connection, with or without a scope. */
export function runStatement(
  client: PoolClient,
  { text, values, scope }: { text: string; values: unknown[]; scope: string | undefined },
): Promise<QueryResult> {
  // `begin`, and the statements of a migration
  if (scope === undefined && values.length === 0) return client.query(text)
  const name = values.length <= mostPrepared ? { name: nameOf(text) } : {}
  const statement = { ...name, text, values }
  if (scope === undefined) return client.query(statement)
  return new Promise((resolve, reject) => {
    const query = new ScopedQuery(statement, scope, (error, result) => (error ? reject(error) : resolve(result)))
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
