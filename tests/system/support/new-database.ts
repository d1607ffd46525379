import { inject } from 'vitest'
import { createDatabase } from '../../support/postgres.js'

/** The URL of a new, empty database: on PostgreSQL where the run has one (the project `postgres`), else in memory. */
export async function newDatabase(): Promise<string> {
  const postgres = inject('postgres')
  return postgres === undefined ? ':memory:' : createDatabase(postgres)
}
