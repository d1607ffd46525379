import { audienceOf, type KindDeclaration, maxKinds, typOf } from '@hallpass/contracts'
import { type Selectable, sql } from '../kysely.js'
import type { Page } from '../page.js'
import { prepared } from '../prepared.js'
import type { KindsTable } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** A declared kind of token. */
export interface Kind {
  /** Its name, which is its id in lists. */
  readonly id: string
  readonly accountId: string
  /** Counts the changes of the declaration. */
  readonly revision: number
  readonly audience: string
  readonly typ: string
  readonly disabled: boolean
  readonly declaration: KindDeclaration
}

/** Declared kinds of tokens. */
export function kindQueries({ forAccount }: Scopes) {
  return {
    async findKind(accountId: string, name: string): Promise<Kind | undefined> {
      const [row] = (await findByName(forAccount(accountId), { accountId, name })).rows
      return row && toKind(row)
    },

    async findKinds(accountId: string, names: readonly string[]): Promise<Kind[]> {
      if (names.length === 0) return []
      const query = forAccount(accountId).selectFrom('kinds').selectAll().where('account_id', '=', accountId)
      return (await query.where('name', 'in', names).execute()).map(toKind)
    },

    async listKinds(accountId: string, { after, limit }: Page): Promise<Kind[]> {
      const query = forAccount(accountId).selectFrom('kinds').selectAll().where('account_id', '=', accountId)
      return (await query.where('name', '>', after).orderBy('name').limit(limit).execute()).map(toKind)
    },

    /** A kind, locked until this transaction ends. SQLite has one writer at a time anyway. */
    async lockKind(accountId: string, name: string): Promise<Kind | undefined> {
      const db = forAccount(accountId)
      const query = db.selectFrom('kinds').selectAll().where('account_id', '=', accountId).where('name', '=', name)
      const row = await query.$if(isPostgres(db), (locked) => locked.forNoKeyUpdate()).executeTakeFirst()
      return row && toKind(row)
    },

    /**
     * Adds a kind, or replaces its declaration. Undefined if it is disabled, has another revision than the given one,
     * would change in a way that it can't, or if the account has too many kinds. The write is the decision.
     */
    async putKind(
      accountId: string,
      declaration: KindDeclaration,
      { revision }: { readonly revision?: number | undefined } = {},
    ): Promise<Kind | undefined> {
      const { name, form, ttl_seconds } = declaration
      const db = forAccount(accountId)
      const own = db.selectFrom('kinds').where('account_id', '=', accountId)
      const isPresent = sql<boolean>`exists ${own.select('name').where('name', '=', name)}`
      const hasRoom = sql<boolean>`${own.select((eb) => eb.fn.countAll().as('count'))} < ${sql.lit(maxKinds)}`
      const write = db
        .insertInto('kinds')
        .columns(['account_id', 'name', 'revision', 'form', 'audience', 'typ', 'max_ttl_seconds', 'declaration'])
        .expression(
          db
            .selectNoFrom([
              sql<string>`${accountId}`.as('account_id'),
              sql<string>`${name}`.as('name'),
              sql.lit(1).as('revision'),
              sql<'jwt' | 'opaque'>`${form}`.as('form'),
              sql<string>`${audienceOf(declaration)}`.as('audience'),
              sql<string>`${typOf(declaration)}`.as('typ'),
              sql<number>`cast(${ttl_seconds.max} as integer)`.as('max_ttl_seconds'),
              sql<string>`${JSON.stringify(declaration)}`.as('declaration'),
            ])
            .where(revision === undefined ? sql<boolean>`(${isPresent} or ${hasRoom})` : isPresent),
        )
        .onConflict((oc) =>
          oc
            .columns(['account_id', 'name'])
            .doUpdateSet((eb) => ({
              max_ttl_seconds: eb.ref('excluded.max_ttl_seconds'),
              declaration: eb.ref('excluded.declaration'),
              // the same declaration again is no change
              revision: sql<number>`kinds.revision +
                case when kinds.declaration = excluded.declaration then 0 else 1 end`,
            }))
            .where('kinds.disabled_at', 'is', null)
            .whereRef('kinds.form', '=', 'excluded.form')
            .whereRef('kinds.audience', '=', 'excluded.audience')
            .whereRef('kinds.typ', '=', 'excluded.typ')
            .where(revision === undefined ? sql<boolean>`true` : sql<boolean>`kinds.revision = ${revision}`),
        )
        .returningAll()
      const row = await write.executeTakeFirst()
      return row && toKind(row)
    },

    /** Disables a kind for good. Undefined if the account has no such kind, or it is already disabled. */
    async disableKind(accountId: string, name: string, now: number): Promise<Kind | undefined> {
      const write = forAccount(accountId).updateTable('kinds').set({ disabled_at: now })
      const own = write.where('account_id', '=', accountId).where('name', '=', name)
      const row = await own.where('disabled_at', 'is', null).returningAll().executeTakeFirst()
      return row && toKind(row)
    },
  }
}

const findByName = prepared((db, { accountId, name }: { accountId: string; name: string }) =>
  db.selectFrom('kinds').selectAll().where('account_id', '=', accountId).where('name', '=', name).compile(),
)

function toKind(row: Selectable<KindsTable>): Kind {
  return {
    id: row.name,
    accountId: row.account_id,
    revision: row.revision,
    audience: row.audience,
    typ: row.typ,
    disabled: row.disabled_at !== null,
    declaration: JSON.parse(row.declaration),
  }
}
