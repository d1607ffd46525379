import { defer } from './deferred.js'
import { directRunOf, transactionRunOf } from './direct-runs.js'
import type { CompiledQuery, Kysely, QueryResult } from './kysely.js'
import type { Database } from './schema.js'
import { isPostgres } from './scope.js'

/** What may be a parameter of a statement. */
type Value = string | number | null

/** Runs a statement in a scope with these values. */
export type Prepared<Values extends Readonly<Record<string, Value>>, Row> = (
  db: Kysely<Database>,
  values: Values,
) => Promise<QueryResult<Row>>

/** Whether a write changed the one row that it was about. */
export const changedOne = ({ numAffectedRows }: Pick<QueryResult<unknown>, 'numAffectedRows'>): boolean =>
  numAffectedRows === 1n

/** The place of a value in a statement's parameters. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * A statement that is compiled once for each kind of database. Kysely took 20 to 60 µs to build and compile one of the
 * hot statements, ten times as long as SQLite takes to run it. `build` is called with placeholders, so it may pass its
 * values on, but not look at them. `isProvisional`: see {@link RunAlone}.
 * `isResultUnused`: see {@link defer}.
 */
export function prepared<Values extends Readonly<Record<string, Value>>, Row = unknown>(
  build: (db: Kysely<Database>, values: Values) => CompiledQuery<Row>,
  { isProvisional = false, isResultUnused = false } = {},
): Prepared<Values, Row> {
  const compiled: { sqlite?: CompiledQuery<Row>; postgres?: CompiledQuery<Row> } = {}
  return (db, values) => {
    const kind = isPostgres(db) ? 'postgres' : 'sqlite'
    // slots stand for the values of their names
    const query = compiled[kind] ?? build(db, slots as Values)
    compiled[kind] = query
    const queryId = { queryId: '' }
    const executor = db.getExecutor()
    const parameters = query.parameters.map((part) => (part instanceof Slot ? values[part.name] : part))
    const ready = { query: query.query, sql: query.sql, queryId, parameters }
    const run = db.isTransaction ? transactionRunOf(executor) : directRunOf(executor.adapter)
    if (run) return run<Row>(ready, isProvisional)
    if (isResultUnused) defer(queryId)
    // tells a plugin whose query it is; no plugin changes it
    executor.transformQuery(query.query, queryId)
    return executor.executeQuery<Row>(ready)
  }
}

const slots = new Proxy(
  {},
  {
    get: (_target, name) => new Slot(String(name)),
    ownKeys() {
      throw new Error('the values of a prepared statement have to be named')
    },
  },
)
