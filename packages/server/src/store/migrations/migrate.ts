import { StartError } from '../../errors.js'
import { isStoreFailure } from '../failure.js'
import { hasTable } from '../has-table.js'
import { type Kysely, type Migration, Migrator, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { createHistoryTables } from './0005-refusals-and-audit.js'
import { addLimits } from './0007-limits.js'
import { createTenantLabels } from './0008-tenant-labels.js'
import { createImportedRecords } from './0009-imported-records.js'
import { addRowMacs } from './0011-row-macs.js'
import { createAuditChains } from './0013-audit-chains.js'
import { createLatestTime } from './0016-latest-time.js'
import { addAccountFeeds } from './0020-revocation-feeds.js'
import { addNotedAt } from './0030-noted-time.js'
import { indexLists } from './0060-list-indexes.js'
import { addBinding } from './0065-client-key-binding.js'
import { removeMigrationTables, schemaOf } from './schema-of.js'
import { notifyOfSettings, securePostgres, secureTable } from './secure-postgres.js'

/** Forward only. A released migration is never edited. */
const migrations: Record<string, Migration> = {
  '0001-initial': { up: createTables },
  '0002-postgres': { up: securePostgres },
  '0003-restores': { up: createRestores },
  '0004-revocation-feed': { up: indexRevocations },
  '0005-refusals-and-audit': { up: createHistoryTables },
  '0006-activity': { up: createActivity },
  '0007-limits': { up: addLimits },
  '0008-api-key-successors': { up: addSuccessors },
  '0008-tenant-labels': { up: createTenantLabels },
  '0009-imported-records': { up: createImportedRecords },
  '0010-data-keys': { up: notifyOfSettings },
  '0011-row-macs': { up: addRowMacs },
  '0012-api-key-hints': { up: addApiKeyHints },
  '0013-audit-chains': { up: createAuditChains },
  '0016-latest-time': { up: createLatestTime },
  '0017-minting-keys': { up: addMintingKeys },
  '0020-revocation-feeds': { up: addAccountFeeds },
  '0030-noted-time': { up: addNotedAt },
  '0060-list-indexes': { up: indexLists },
  '0065-client-key-binding': { up: addBinding },
}

/** Every migration, in order. */
export const migrationNames: readonly string[] = Object.keys(migrations)

/** The migrations before a given one, for tests that fill a database as an older version did. */
export const migrationsUntil = (name: string): Record<string, Migration> =>
  Object.fromEntries(Object.entries(migrations).filter(([other]) => other < name))

/**
 * Migrates the database to the newest version. Does nothing if it is already there, or further because of a newer
 * server. A first migration that fails leaves nothing behind.
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  if (await isMigrated(db)) return
  const schema = await schemaOf(db)
  const isFirst = !(await hasTable(db, migrationTable))
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  if (isFirst && (await compareMigrations(db)).isNew) await removeMigrationTables(db)
  if (isStoreFailure(error)) throw error
  throw new StartError(`The database could not be migrated: ${error instanceof Error ? error.message : error}.`)
}

const migrationTable = 'kysely_migration'

/** Whether the database is at the newest version or further. */
export async function isMigrated(db: Kysely<Database>): Promise<boolean> {
  return (await compareMigrations(db)).pending.length === 0
}

/** The migrations of a database, compared with those of this version. */
export interface Compared {
  /** It has no tables yet. */
  readonly isNew: boolean
  /** Migrations of this version that were not applied to the database. */
  readonly pending: readonly string[]
  /** Migrations of the database that this version doesn't know. */
  readonly unknown: readonly string[]
}

export async function compareMigrations(db: Kysely<Database>): Promise<Compared> {
  const isBegun = await hasTable(db, migrationTable)
  const rows = isBegun ? (await sql<{ name: string }>`select name from kysely_migration`.execute(db)).rows : []
  const had = rows.map(({ name }) => name)
  return {
    isNew: had.length === 0,
    pending: migrationNames.filter((name) => !had.includes(name)),
    unknown: had.filter((name) => !migrationNames.includes(name)),
  }
}

/** For the revocation feed: recent revocations, in a table in which most sessions were only rotated. */
async function indexRevocations({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('client_keys').addColumn('disabled_at', 'bigint').execute()
  await schema
    .createIndex('sessions_revoked_at')
    .on('sessions')
    .column('revoked_at')
    .where(sql.ref('revoked_at'), 'is not', null)
    .execute()
  await schema.createIndex('cut_offs_not_before').on('cut_offs').column('not_before').execute()
}

async function addSuccessors({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('api_keys').addColumn('successor_id', 'text').execute()
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('settings')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('tenant', 'text', (c) => c.notNull())
    .addColumn('environment', 'text', (c) => c.notNull())
    .addColumn('parent_id', 'text', (c) => c.references('accounts.id'))
    .addColumn('requests_per_second', 'integer')
    .execute()
  await schema
    .createTable('api_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('secret_hash', 'text', (c) => c.notNull().unique())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('disabled', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_on', 'text')
    .execute()
  await schema
    .createTable('client_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('client_key', 'text', (c) => c.notNull().unique())
    .addColumn('origin_allowlist', 'text', (c) => c.notNull())
    .addColumn('auth_mode', 'text', (c) => c.notNull())
    .addColumn('widget_enabled', 'integer', (c) => c.notNull())
    .addColumn('disabled', 'integer', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .addColumn('branding', 'text', (c) => c.notNull())
    .addColumn('copy', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('supported_locales', 'text', (c) => c.notNull())
    .addColumn('guest_per_minute', 'integer')
    .execute()
  await schema
    .createTable('customers')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('customers_pk', ['account_id', 'id'])
    // an id belongs to one customer on the whole server
    .addUniqueConstraint('customers_id', ['id'])
    .execute()
  await schema
    .createTable('cards')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('customer_id', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('last_four', 'text')
    .addPrimaryKeyConstraint('cards_pk', ['account_id', 'id'])
    .addUniqueConstraint('cards_id', ['id'])
    .addForeignKeyConstraint('cards_customer', ['account_id', 'customer_id'], 'customers', ['account_id', 'id'])
    .execute()
  await createTokenTables(db)
}

async function createTokenTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('signing_keys')
    .addColumn('kid', 'text', (c) => c.primaryKey())
    .addColumn('alg', 'text', (c) => c.notNull())
    .addColumn('public_jwk', 'text', (c) => c.notNull())
    .addColumn('sealed_private', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('activates_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema
    .createTable('token_states')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('jti', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('decided_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('token_states_pk', ['account_id', 'kind', 'jti'])
    .execute()
  await schema
    .createTable('cut_offs')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('cut_offs_pk', ['account_id', 'scope', 'subject'])
    .execute()
  await schema
    .createTable('sessions')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('sid', 'text', (c) => c.notNull())
    .addColumn('counter', 'integer', (c) => c.notNull())
    .addColumn('rotated_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('sessions_pk', ['account_id', 'sid'])
    .execute()
  await schema
    .createTable('card_tokens')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('token_hash', 'text', (c) => c.notNull())
    .addColumn('jti', 'text', (c) => c.notNull())
    .addColumn('card_id', 'text', (c) => c.notNull())
    .addColumn('widget_type', 'text', (c) => c.notNull())
    .addColumn('issued_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('redeemed_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addPrimaryKeyConstraint('card_tokens_pk', ['account_id', 'token_hash'])
    .execute()
  await schema
    .createTable('idempotency_keys')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('acting_account_id', 'text', (c) => c.notNull())
    .addColumn('operation', 'text', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('claim_id', 'text', (c) => c.notNull())
    .addColumn('lease_until', 'bigint', (c) => c.notNull())
    .addColumn('sealed_answer', 'text')
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['account_id', 'acting_account_id', 'operation', 'key_hash'])
    .execute()
  for (const table of ['token_states', 'cut_offs', 'sessions', 'card_tokens', 'idempotency_keys']) {
    await schema.createIndex(`${table}_expires_at`).on(table).column('expires_at').execute()
  }
}

async function createRestores({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('restores')
    .addColumn('restored_at', 'bigint', (c) => c.primaryKey())
    .execute()
}

/** Distinguishes secret keys in a list. Older keys have none, because their secrets are not stored. */
async function addApiKeyHints({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('api_keys').addColumn('hint', 'text').execute()
}

/** Which secret key minted a card token. Older tokens have none, and end with a revocation of any key. */
async function addMintingKeys({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('card_tokens').addColumn('api_key_id', 'text').execute()
}

async function createActivity(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('activity')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('minute', 'bigint', (c) => c.notNull())
    .addColumn('operation', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('activity_pk', ['account_id', 'minute', 'operation', 'outcome'])
    .execute()
  await schema.createIndex('activity_expires_at').on('activity').column('expires_at').execute()
  await secureTable(db, 'activity')
}
