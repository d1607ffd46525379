import type { Deadline } from '../deadline.js'
import { StoreUnavailable } from './failure.js'
import { type DatabaseConnection, DefaultQueryExecutor, type Dialect, type Driver, Kysely } from './kysely.js'
import type { Database } from './schema.js'

interface Parts {
  readonly dialect: Dialect
  /** The driver of the database, which is already initialized. */
  readonly driver: Driver
  readonly acquire: () => Promise<DatabaseConnection>
}

/** The same database, with connections of its own kind: those that wait until a deadline. */
export function boundDatabase({ dialect, driver, acquire }: Parts): Kysely<Database> {
  const provideConnection = async <T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> => {
    const connection = await acquire()
    try {
      return await consumer(connection)
    } finally {
      await driver.releaseConnection(connection)
    }
  }
  const executor = new DefaultQueryExecutor(dialect.createQueryCompiler(), dialect.createAdapter(), {
    provideConnection,
  })
  return new Kysely<Database>({ config: { dialect }, dialect, driver, executor })
}

/** Throws once a deadline has passed, so that nothing is begun or committed after it. */
export function requireTime(deadline: Deadline | undefined): void {
  if (deadline && deadline.left() <= 0) throw new StoreUnavailable('the deadline of the call has passed')
}
