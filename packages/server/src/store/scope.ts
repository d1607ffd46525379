import { isForeignRow } from './failure.js'
import { type Kysely, type KyselyPlugin, PostgresAdapter, type QueryExecutorProvider, type QueryId } from './kysely.js'
import type { Database } from './schema.js'

/**
 * The database as it may be seen from somewhere. On PostgreSQL, row-level security holds a query to that, whatever its
 * WHERE says; a query that comes from nowhere sees no row of any account. On SQLite its WHERE alone does.
 */
export interface Scopes {
  /** Rows of one account; of accounts, itself and its children. */
  readonly forAccount: (accountId: string) => Kysely<Database>
  /** Only the key with this secret's hash, or with this public name. */
  readonly forCredential: (credential: string) => Kysely<Database>
  /** Everything: for the host's own work, never for a caller's. */
  readonly unscoped: Kysely<Database>
}

/** The name of the setting that the policies of the tables read; a migration has it in its text. */
export const scopeSetting = 'hallpass.scope'

/**
 * In the text of a statement that reads a few rows of a long range of an index, in its order. Without it, PostgreSQL may
 * read and sort the whole range for each page: it doesn't know yet how much was written a moment ago.
 */
export const inIndexOrder = '/* in index order */'

const scopes = new WeakMap<QueryId, string>()

/** Where a query comes from, for the connection that runs it. */
export const scopeOf = (queryId: QueryId): string | undefined => scopes.get(queryId)

export function scopesOf(db: Kysely<Database>): Scopes {
  if (!isPostgres(db)) return { forAccount: () => db, forCredential: () => db, unscoped: db }
  return {
    forAccount: (accountId) => db.withPlugin(comingFrom(`account ${accountId}`)),
    forCredential: (credential) => db.withPlugin(comingFrom(`key ${credential}`)),
    unscoped: db.withPlugin(comingFrom('host')),
  }
}

export const isPostgres = (db: QueryExecutorProvider): boolean => db.getExecutor().adapter instanceof PostgresAdapter

/** The row that an upsert wrote; undefined when it is another account's, which PostgreSQL says more loudly. */
export const ownRow = <Row>(write: { executeTakeFirst(): Promise<Row> }): Promise<Row | undefined> =>
  unlessForeign(write.executeTakeFirst())

/** {@link ownRow} for a write of several steps. */
export async function unlessForeign<Row>(write: Promise<Row>): Promise<Row | undefined> {
  try {
    return await write
  } catch (error) {
    if (isForeignRow(error)) return undefined
    throw error
  }
}

function comingFrom(scope: string): KyselyPlugin {
  return {
    transformQuery({ node, queryId }) {
      scopes.set(queryId, scope)
      return node
    },
    transformResult: async ({ result }) => result,
  }
}
