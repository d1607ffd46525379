import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'

/** Rows that replicas cache: the column of their account, and the changes that matter. */
const heard = {
  accounts: ['id', 'insert or update or delete'],
  api_keys: ['account_id', 'insert or update of name, scopes, disabled, expires_at or delete'],
  client_keys: ['account_id', 'insert or update or delete'],
  kinds: ['account_id', 'insert or update or delete'],
  webhook_endpoints: ['account_id', 'insert or update or delete'],
} as const

/**
 * Notifies replicas of the account whose rows have changed, so that they keep the rows of all others. PostgreSQL sends
 * equal notifications of a transaction once.
 */
export async function notifyOfAccounts(db: Kysely<unknown>): Promise<void> {
  if (!isPostgres(db)) return
  await sql`create function hallpass_notify_account() returns trigger language plpgsql as $$
    begin
      perform pg_notify('hallpass_changes', tg_table_name || ' ' || (to_jsonb(coalesce(new, old)) ->> tg_argv[0]));
      return null;
    end $$`.execute(db)
  for (const [table, [column, events]] of Object.entries(heard)) {
    await sql`drop trigger hallpass_changes on ${sql.table(table)}`.execute(db)
    await sql`create trigger hallpass_changes after ${sql.raw(events)} on ${sql.table(table)}
      for each row execute function hallpass_notify_account(${sql.lit(column)})`.execute(db)
  }
}
