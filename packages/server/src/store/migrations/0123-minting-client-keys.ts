import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'

/** Which client key minted a token of a declared kind. Such a token has no secret key. */
export async function addMintingClientKeys(db: Kysely<unknown>): Promise<void> {
  await sql`alter table kind_tokens add column client_key_id text`.execute(db)
  if (isPostgres(db)) {
    await sql`alter table kind_tokens alter column api_key_id drop not null`.execute(db)
    return
  }
  // SQLite can't change a column
  await sql`alter table kind_tokens add column minting_key_id text`.execute(db)
  await sql`update kind_tokens set minting_key_id = api_key_id`.execute(db)
  await sql`alter table kind_tokens drop column api_key_id`.execute(db)
  await sql`alter table kind_tokens rename column minting_key_id to api_key_id`.execute(db)
}
