import type { Kysely } from 'kysely'
import type { Database } from './schema.js'

/** A signing key as it is kept: the public half readable, the private half sealed. Times in milliseconds. */
export interface StoredSigningKey {
  readonly kid: string
  readonly alg: 'EdDSA' | 'ES256'
  readonly public_jwk: string
  readonly sealed_private: string
  readonly created_at: number
  readonly activates_at: number
}

export function signingKeyQueries(db: Kysely<Database>) {
  return {
    /** The one to be used last stands first. */
    async listSigningKeys(): Promise<StoredSigningKey[]> {
      return db.selectFrom('signing_keys').selectAll().orderBy('activates_at', 'desc').orderBy('kid').execute()
    },

    async insertSigningKey(key: StoredSigningKey): Promise<void> {
      await db.insertInto('signing_keys').values(key).execute()
    },

    /** Adds the next key, unless one is announced already. The write is the decision. */
    async announceSigningKey(key: StoredSigningKey, now: number): Promise<boolean> {
      const columns = ['kid', 'alg', 'public_jwk', 'sealed_private', 'created_at', 'activates_at'] as const
      const result = await db
        .insertInto('signing_keys')
        .columns([...columns])
        .expression(
          db
            .selectNoFrom((eb) => columns.map((column) => eb.val(key[column]).as(column)))
            .where(({ not, exists, selectFrom }) =>
              not(exists(selectFrom('signing_keys').select('kid').where('activates_at', '>', now))),
            ),
        )
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    /** Removes a key and puts its successor, where there is one, in its place; false when there was none of this id. */
    async replaceSigningKey(kid: string, successor: StoredSigningKey | undefined): Promise<boolean> {
      const replace = async (trx: Kysely<Database>) => {
        const result = await trx.deleteFrom('signing_keys').where('kid', '=', kid).executeTakeFirst()
        if (result.numDeletedRows === 0n) return false
        if (successor) await trx.insertInto('signing_keys').values(successor).execute()
        return true
      }
      return db.isTransaction ? replace(db) : db.transaction().execute(replace)
    },
  }
}
