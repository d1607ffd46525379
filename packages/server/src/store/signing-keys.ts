import type { Kysely } from 'kysely'
import type { Database } from './schema.js'

/** A signing key as it is kept: the public half readable, the private half sealed. */
export interface StoredSigningKey {
  readonly kid: string
  readonly alg: 'EdDSA' | 'ES256'
  readonly public_jwk: string
  readonly sealed_private: string
  readonly created_at: number
}

export function signingKeyQueries(db: Kysely<Database>) {
  return {
    /** Newest first. */
    async listSigningKeys(): Promise<StoredSigningKey[]> {
      return db.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').orderBy('kid').execute()
    },

    async insertSigningKey(key: StoredSigningKey): Promise<void> {
      await db.insertInto('signing_keys').values(key).execute()
    },
  }
}
