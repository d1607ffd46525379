import { type Kysely, sql } from '../kysely.js'

/** Indexes for the revocation feeds: the JWTs of declared kinds that were revoked. */
export async function indexDeclaredRevocations(db: Kysely<unknown>): Promise<void> {
  const revokedDeclared = sql`state = 'revoked' and kind = 'declared'`
  for (const create of [
    sql`create index declared_revoked_of_account on token_states (account_id, decided_at, jti) where ${revokedDeclared}`,
    sql`create index declared_revoked on token_states (decided_at, account_id, jti) where ${revokedDeclared}`,
  ]) {
    await create.execute(db)
  }
}
