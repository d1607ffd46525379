import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'

/** Changes that replicas are notified of, because they cache rows. The use of a key is not among them. */
const heard = {
  accounts: 'insert or update or delete',
  api_keys: 'insert or update of name, scopes, disabled, expires_at or delete',
  client_keys: 'insert or update or delete',
  signing_keys: 'insert or update or delete',
}

/**
 * Features of PostgreSQL only: row-level security as a second line of defense between accounts, notifications about
 * rows that replicas cache, and the counts for limits that replicas share.
 */
export async function securePostgres(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  await secureTable(db, 'accounts', [sql`${account(sql`id`)} or ${account(sql`parent_id`)}`])
  await secureTable(db, 'api_keys', [ofAccount], [credential(sql`secret_hash`)])
  await secureTable(db, 'client_keys', [ofAccount], [credential(sql`client_key`)])
  for (const table of [
    'customers',
    'cards',
    'token_states',
    'cut_offs',
    'sessions',
    'card_tokens',
    'idempotency_keys',
  ]) {
    await secureTable(db, table)
  }
  await notifyOfChanges(db)
  // lost in a crash, which is harmless: counting starts over
  await sql`create unlogged table rate_limits (key varchar(255) primary key, points integer not null default 0, expire bigint)`.execute(
    db,
  )
  await sql`create index rate_limits_expire on rate_limits (expire)`.execute(db)
}

const scope = sql`current_setting('hallpass.scope', true)`
const account = (column: ReturnType<typeof sql>) => sql`'account ' || ${column} = ${scope}`
const credential = (column: ReturnType<typeof sql>) => sql`'key ' || ${column} = ${scope}`
const ofAccount = account(sql`account_id`)

/** Restricts a table's rows to queries of their account or of the host, even for the table's owner. */
export async function secureTable(
  db: Kysely<unknown>,
  table: string,
  usable = [ofAccount],
  readable: ReturnType<typeof sql>[] = [],
): Promise<void> {
  if (!isPostgres(db)) return
  const name = sql.table(table)
  const any = (rules: ReturnType<typeof sql>[]) => sql.join([...rules, sql`${scope} = 'host'`], sql` or `)
  await sql`alter table ${name} enable row level security`.execute(db)
  await sql`alter table ${name} force row level security`.execute(db)
  await sql`create policy usable on ${name} using (${any(usable)}) with check (${any(usable)})`.execute(db)
  if (readable.length > 0) {
    await sql`create policy readable on ${name} for select using (${any(readable)})`.execute(db)
  }
}

/** Data keys are stored in a setting, and replicas are notified of a new one. */
export async function notifyOfSettings(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  await sql`create trigger hallpass_changes after insert or update on settings
    for each statement execute function hallpass_notify()`.execute(db)
}

async function notifyOfChanges(db: Kysely<unknown>): Promise<void> {
  await sql`create function hallpass_notify() returns trigger language plpgsql as $$
    begin perform pg_notify('hallpass_changes', tg_table_name); return null; end $$`.execute(db)
  for (const [table, events] of Object.entries(heard)) {
    await sql`create trigger hallpass_changes after ${sql.raw(events)} on ${sql.table(table)}
      for each statement execute function hallpass_notify()`.execute(db)
  }
}
