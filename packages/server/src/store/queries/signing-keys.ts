import type { TokenAlg } from '@hallpass/contracts'
import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** A signing key as stored: the public key readable, the private key sealed. Times in milliseconds. */
export interface StoredSigningKey {
  readonly kid: string
  readonly alg: TokenAlg
  readonly public_jwk: string
  readonly sealed_private: string
  readonly created_at: number
  readonly activates_at: number
}

export function signingKeyQueries({ unscoped }: Scopes) {
  /** One after the other, even if many processes change the keys. SQLite always works this way. */
  const alone = async <T>(work: (trx: Kysely<Database>) => Promise<T>): Promise<T> => {
    if (!unscoped.isTransaction) return unscoped.transaction().execute((trx) => lockedIn(trx, work))
    return lockedIn(unscoped, work)
  }

  return {
    /** Sorted by activation, the last one first. */
    async listSigningKeys(): Promise<StoredSigningKey[]> {
      return unscoped.selectFrom('signing_keys').selectAll().orderBy('activates_at', 'desc').orderBy('kid').execute()
    },

    /**
     * Waits for its turn to change signing keys, which lasts until this transaction ends. Returns the existing keys.
     */
    async lockSigningKeys(): Promise<StoredSigningKey[]> {
      return lockedIn(unscoped, (trx) =>
        trx.selectFrom('signing_keys').selectAll().orderBy('activates_at', 'desc').orderBy('kid').execute(),
      )
    },

    /**
     * Adds a key, if the last key to become active is still `predecessor`. If several processes add the first key, or
     * the next one, one of them succeeds. The write is the decision.
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

    /** Replaces the seal of a private key. False if the row was changed in the meantime. */
    async resealSigningKey(kid: string, from: string, to: string): Promise<boolean> {
      const result = await unscoped
        .updateTable('signing_keys')
        .set({ sealed_private: to })
        .where('kid', '=', kid)
        .where('sealed_private', '=', from)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    /** Removes a key and adds its successor, if there is one. False if no key has this id. */
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
