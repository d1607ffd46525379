import { type TokenAlg, tokenAlgs } from '@hallpass/contracts'
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
  /** 1 if it signs only for client keys with its algorithm. Null if it is the server's own. */
  readonly for_client_keys: 1 | null
  /** Since when no client key has its algorithm, in milliseconds. Null if one has. */
  readonly unused_since: number | null
}

/** Signing keys that succeed one another: the server's own, or those of an algorithm that client keys have. */
export type KeyChain = Pick<StoredSigningKey, 'alg' | 'for_client_keys'>

export const isOfChain = (key: KeyChain, { alg, for_client_keys }: KeyChain): boolean =>
  key.for_client_keys === for_client_keys && (for_client_keys === null || key.alg === alg)

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
     * Adds a key, if the last key of its chain to become active is still `predecessor`. If several processes add the
     * first key, or the next one, one of them succeeds. The write is the decision.
     */
    async succeedSigningKey(key: StoredSigningKey, predecessor: string | undefined): Promise<boolean> {
      return alone(async (trx) => {
        const result = await trx
          .insertInto('signing_keys')
          .columns(['kid', 'alg', 'public_jwk', 'sealed_private', 'created_at', 'activates_at', 'for_client_keys'])
          .expression(
            trx
              .selectNoFrom((eb) => [
                eb.val(key.kid).as('kid'),
                eb.val(key.alg).as('alg'),
                eb.val(key.public_jwk).as('public_jwk'),
                eb.val(key.sealed_private).as('sealed_private'),
                eb.cast<number>(eb.val(key.created_at), 'bigint').as('created_at'),
                eb.cast<number>(eb.val(key.activates_at), 'bigint').as('activates_at'),
                eb.cast<1 | null>(eb.val(key.for_client_keys), 'integer').as('for_client_keys'),
              ])
              .where(
                ({ fn, selectFrom, val }) =>
                  fn.coalesce(
                    selectFrom('signing_keys')
                      .select('kid')
                      .where((of) =>
                        key.for_client_keys === null
                          ? of('for_client_keys', 'is', null)
                          : of.and({ for_client_keys: key.for_client_keys, alg: key.alg }),
                      )
                      .orderBy('activates_at', 'desc')
                      .orderBy('kid')
                      .limit(1),
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

    /** The algorithms that client keys have, also disabled ones, whose tokens may still be valid. */
    async listSessionAlgs(): Promise<TokenAlg[]> {
      const used: TokenAlg[] = []
      for (const alg of tokenAlgs) {
        const query = unscoped.selectFrom('client_keys').select('id').where('session_alg', '=', alg).limit(1)
        if (await query.executeTakeFirst()) used.push(alg)
      }
      return used
    },

    /** Notes since when no client key has this algorithm, or that one has. */
    async noteUnusedSince(alg: TokenAlg, since: number | null): Promise<void> {
      await unscoped
        .updateTable('signing_keys')
        .set({ unused_since: since })
        .where('for_client_keys', '=', 1)
        .where('alg', '=', alg)
        .where('unused_since', since === null ? 'is not' : 'is', null)
        .execute()
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
