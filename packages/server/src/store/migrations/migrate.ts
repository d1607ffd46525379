import { StartError } from '../../errors.js'
import { isStoreFailure } from '../failure.js'
import { hasTable } from '../has-table.js'
import { type Kysely, type Migration, Migrator, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { createTables } from './0001-initial.js'
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
import { createOriginCounts } from './0080-origin-counts.js'
import { createTokenAudiences } from './0086-token-audiences.js'
import { addDisabledAccounts } from './0087-disabled-accounts.js'
import { addObserveMode } from './0088-observe-mode.js'
import { addSessionAlgs } from './0090-session-algs.js'
import { addTrustedIssuers } from './0091-trusted-issuers.js'
import { addRefusalTraces } from './0095-refusal-traces.js'
import { createWebhooks } from './0096-webhooks.js'
import { createKinds } from './0100-kinds.js'
import { createKindTokens } from './0101-kind-tokens.js'
import { orderWebhooks } from './0110-webhook-order.js'
import { indexDeclaredRevocations } from './0120-declared-revocations.js'
import { addMintingClientKeys } from './0123-minting-client-keys.js'
import { notifyOfAccounts } from './0124-changes-by-account.js'
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
  '0080-origin-counts': { up: createOriginCounts },
  '0086-token-audiences': { up: createTokenAudiences },
  '0087-disabled-accounts': { up: addDisabledAccounts },
  '0088-observe-mode': { up: addObserveMode },
  '0090-session-algs': { up: addSessionAlgs },
  '0091-trusted-issuers': { up: addTrustedIssuers },
  '0095-refusal-traces': { up: addRefusalTraces },
  '0096-webhooks': { up: createWebhooks },
  '0100-kinds': { up: createKinds },
  '0101-kind-tokens': { up: createKindTokens },
  '0110-webhook-order': { up: orderWebhooks },
  '0120-declared-revocations': { up: indexDeclaredRevocations },
  '0123-minting-client-keys': { up: addMintingClientKeys },
  '0124-changes-by-account': { up: notifyOfAccounts },
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
