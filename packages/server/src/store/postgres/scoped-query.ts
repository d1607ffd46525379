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
  /** The texts of prepared statements, by name. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
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

export const beginStep: Step = { name: 'hallpass-begin', text: 'begin', values: [] }
const commitStep: Step = { name: 'hallpass-commit', text: 'commit', values: [] }

/** Run once on each new connection that keeps its prepared statements, in this order. */
export const preparedSteps: readonly Step[] = [beginStep, setScope, setScopeAndOrder, commitStep]

/** A statement that is sent along with another one. Without a name, it isn't prepared on the connection. */
export interface Step {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * A statement and the steps before it, whose results are ignored. All are sent together and answered together
 * (PostgreSQL, "Extended Query"), so the steps cost no round trip. After one that fails, nothing else is run.
 */
class QueryWithSteps extends base {
  readonly #steps: readonly Step[]
  #completed = 0

  constructor(statement: object, steps: readonly Step[], callback: Callback) {
    super(statement, undefined, callback)
    this.#steps = steps
  }

  override prepare(connection: WireConnection): void {
    for (const { name, text, values } of this.#steps) {
      if (name === '') connection.parse({ name, text, types: [] })
      connection.bind({ portal: '', statement: name, values: values.map(toWire) })
      connection.execute({ portal: '' })
    }
    super.prepare(connection)
  }

  override handleDataRow(message: unknown): void {
    if (this.#completed === this.#steps.length) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.#completed === this.#steps.length) super.handleCommandComplete(message, connection)
    else this.#completed++
  }
}

/** Parameters are texts and numbers. */
const toWire = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** Rows that are written together vary in number, and each number would need its own prepared statement. */
const mostPrepared = 40

/** What to run: a text with values, with or without a scope. */
export interface Statement {
  readonly text: string
  readonly values: unknown[]
  readonly scope: string | undefined
}

/** A statement as pg takes it: prepared under a name, unless it has too many values. */
const toNamed = ({ text, values }: Statement) => ({
  ...(values.length <= mostPrepared ? { name: nameOf(text) } : {}),
  text,
  values,
})

/** The step that sets the scope of a statement. */
export const scopeStep = (text: string, scope: string): Step => ({
  ...(text.includes(inIndexOrder) ? setScopeAndOrder : setScope),
  values: [scope],
})

/** The step that limits the statements after it, in milliseconds, until the end of the transaction. */
export const limitStep = (milliseconds: number): Step => ({
  name: '',
  text: `select set_config('statement_timeout', $1, true)`,
  values: [milliseconds],
})

/** A statement as a step. Undefined if this connection hasn't prepared it yet. */
export function toStep(client: PoolClient, { text, values }: Statement): Step | undefined {
  // pg has it, but not in its published types
  const { parsedStatements } = (client as unknown as { connection: WireConnection }).connection
  const name = nameOf(text)
  return parsedStatements[name] === undefined ? undefined : { name, text, values }
}

/** Runs a statement, after these steps, on a connection that keeps its limits and its prepared statements. */
export function runStatement(
  client: PoolClient,
  statement: Statement,
  steps: readonly Step[] = [],
): Promise<QueryResult> {
  if (steps.length > 0) return runWith(client, toNamed(statement), steps)
  // without values, several statements of a migration
  return client.query(statement.values.length === 0 ? statement.text : toNamed(statement))
}

/** Ends a transaction after these steps. Without any, it leaves nothing on the connection, which a pooler may share. */
export const commitAfter = (client: PoolClient, steps: readonly Step[]): Promise<QueryResult> =>
  steps.length === 0 ? client.query('commit') : runWith(client, { ...commitStep, values: [] }, steps)

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
  return runWith(client, { text, values, queryMode: 'extended' }, [setting])
}

function runWith(client: PoolClient, statement: object, steps: readonly Step[]): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const query = new QueryWithSteps(statement, steps, (error, result) => (error ? reject(error) : resolve(result)))
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
