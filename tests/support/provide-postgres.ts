import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { poolModes, startPgBouncer } from './pgbouncer.js'
import { type PostgresAddress, query, startPostgres } from './postgres.js'

/**
 * One PostgreSQL for a whole run. Each file creates its own databases in it. With HALLPASS_TEST_POOLER=session or
 * =transaction, every server connects to it through PgBouncer.
 */
export default async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.HALLPASS_TEST_DATABASE_URL
  const { remove, ...address } = given ? { ...(await addressOf(given)), remove: async () => {} } : await startPostgres()
  const { adminUrl, role, migrated } = address
  const mode = poolModes.find((mode) => mode === process.env.HALLPASS_TEST_POOLER)
  const pooler = mode === undefined ? undefined : await startPgBouncer(address, mode)
  project.provide('postgres', { adminUrl, role, migrated, ...(pooler ? { poolerPort: pooler.port } : {}) })
  return async () => {
    await pooler?.stop()
    await remove()
  }
}

/** An existing PostgreSQL. Its role must be able to create databases, and also roles if it is a superuser. */
async function addressOf(adminUrl: string): Promise<PostgresAddress> {
  const { username, password } = new URL(adminUrl)
  // other runs leave their databases here
  const migrated = `hallpass_migrated_${randomBytes(6).toString('hex')}`
  const own = { name: decodeURIComponent(username), password: decodeURIComponent(password) }
  const [found] = await query<{ rolsuper: boolean; rolbypassrls: boolean }>(
    adminUrl,
    'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
  )
  if (!found?.rolsuper && !found?.rolbypassrls) return { adminUrl, role: own, migrated }
  const role = { name: 'hallpass_test', password: 'hallpass_test' }
  const [known] = await query(adminUrl, 'select from pg_roles where rolname = $1', [role.name])
  if (!known) await query(adminUrl, `create role ${role.name} login password '${role.password}'`)
  return { adminUrl, role, migrated }
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined in a project that runs without PostgreSQL. */
    postgres: PostgresAddress | undefined
  }
}
