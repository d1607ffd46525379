import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** A signing key as it is kept: the public half readable, the private half sealed. Times in milliseconds. */
export interface StoredSigningKey {
  readonly kid: string
  readonly alg: 'EdDSA' | 'ES256'
  readonly public_jwk: string
  readonly sealed_private: string
  readonly created_at: number
  readonly activates_at: number
}

export function signingKeyQueries({ unscoped }: Scopes) {
  /** One after the other, also where many processes change the keys: SQLite has it so of itself. */
  const alone = async <T>(work: (trx: Kysely<Database>) => Promise<T>): Promise<T> => {
    if (!unscoped.isTransaction) return unscoped.transaction().execute((trx) => lockedIn(trx, work))
    return lockedIn(unscoped, work)
  }

  return {
    /** The one to be used last stands first. */
    async listSigningKeys(): Promise<StoredSigningKey[]> {
      return unscoped.selectFrom('signing_keys').selectAll().orderBy('activates_at', 'desc').orderBy('kid').execute()
    },

    /** Waits for its turn to change signing keys, which lasts until this transaction ends, and gives those that there are. */
    async lockSigningKeys(): Promise<StoredSigningKey[]> {
      return lockedIn(unscoped, (trx) =>
        trx.selectFrom('signing_keys').selectAll().orderBy('activates_at', 'desc').orderBy('kid').execute(),
      )
    },

    /**
     * Adds a key, if the one to be used last is still `predecessor`: of any number of processes that would add the first
     * key, or the next one, one does. The write is the decision.
     */
    async succeedSigningKey(key: StoredSigningKey, predecessor: string | undefined): Promise<boolean> {
      return alone(async (trx) => {
        const result = await trx
          .insertInto('signing_keys')
          .columns(['kid', 'alg', 'public_jwk', 'sealed_private', 'created_at', 'activates_at'])
          .expression(
            trx
              .selectNoFrom((eb) => [
                eb.val(key.kid).as('kid'),
                eb.val(key.alg).as('alg'),
                eb.val(key.public_jwk).as('public_jwk'),
                eb.val(key.sealed_private).as('sealed_private'),
                eb.cast<number>(eb.val(key.created_at), 'bigint').as('created_at'),
                eb.cast<number>(eb.val(key.activates_at), 'bigint').as('activates_at'),
              ])
              .where(
                ({ fn, selectFrom, val }) =>
                  fn.coalesce(
                    selectFrom('signing_keys').select('kid').orderBy('activates_at', 'desc').orderBy('kid').limit(1),
                    val(''),
                  ),
                '=',
                predecessor ?? '',
              ),
          )
          .executeTakeFirst()
        return result.numInsertedOrUpdatedRows === 1n
      })
    },

    /** Puts another seal around a private key; false where the row was changed in the meantime. */
    async resealSigningKey(kid: string, from: string, to: string): Promise<boolean> {
      const result = await unscoped
        .updateTable('signing_keys')
        .set({ sealed_private: to })
        .where('kid', '=', kid)
        .where('sealed_private', '=', from)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    /** Removes a key and puts its successor, where there is one, in its place; false when there was none of this id. */
    async replaceSigningKey(kid: string, successor: StoredSigningKey | undefined): Promise<boolean> {
      return alone(async (trx) => {
        const result = await trx.deleteFrom('signing_keys').where('kid', '=', kid).executeTakeFirst()
        if (result.numDeletedRows === 0n) return false
        if (successor) await trx.insertInto('signing_keys').values(successor).execute()
        return true
      })
    },
  }
}

async function lockedIn<T>(trx: Kysely<Database>, work: (trx: Kysely<Database>) => Promise<T>): Promise<T> {
  if (isPostgres(trx)) await sql`lock table signing_keys in share row exclusive mode`.execute(trx)
  return work(trx)
}
