import { isForeignRow } from './failure.js'
import { type Kysely, type KyselyPlugin, PostgresAdapter, type QueryExecutorProvider, type QueryId } from './kysely.js'
import type { Database } from './schema.js'

/**
 * The database as seen from one scope. On PostgreSQL, row-level security enforces the scope whatever a query's WHERE
 * says, and a query without a scope sees no row of any account. On SQLite, only the WHERE enforces it.
 */
export interface Scopes {
  /** The rows of one account. For the table of accounts, the account and its children. */
  readonly forAccount: (accountId: string) => Kysely<Database>
  /** Only the key with this secret's hash, or with this public name. */
  readonly forCredential: (credential: string) => Kysely<Database>
  /** Everything: for the host's own work, never for a caller's. */
  readonly unscoped: Kysely<Database>
}

/** The name of the setting that the policies of the tables read. A migration contains it too. */
export const scopeSetting = 'hallpass.scope'

/**
 * A comment in statements that read a few rows from a long range of an index, in its order. Without it, PostgreSQL may
 * read and sort the whole range for each page, because its statistics don't include recent writes.
 */
export const inIndexOrder = '/* in index order */'

const scopes = new WeakMap<QueryId, string>()

/** The scope of a query, for the connection that runs it. */
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

/** The row that an upsert wrote. Undefined if it belongs to another account, for which PostgreSQL throws an error. */
export const ownRow = <Row>(write: { executeTakeFirst(): Promise<Row> }): Promise<Row | undefined> =>
  unlessForeign(write.executeTakeFirst())

/** Like {@link ownRow}, for a write with several steps. */
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
