import type { Scopes } from './scope.js'

/** What a cut-off ends: everything of one account, client key, visitor or user that began before it. */
export type CutOffScope = 'account' | 'client_key' | 'visitor' | 'user'

export interface CutOff {
  readonly scope: CutOffScope
  readonly subject: string
}

/** Cut-offs: one row ends any number of tokens and sessions. */
export function cutOffQueries({ of }: Scopes) {
  return {
    /** Ends what began up to `notBefore` (milliseconds); a later cut-off stands against an earlier one. */
    async cutOff(
      accountId: string,
      { scope, subject }: CutOff,
      times: { notBefore: number; expiresAt: number },
    ): Promise<void> {
      const values = { not_before: times.notBefore, expires_at: times.expiresAt }
      await of(accountId)
        .insertInto('cut_offs')
        .values({ account_id: accountId, scope, subject, ...values })
        .onConflict((oc) =>
          oc
            .columns(['account_id', 'scope', 'subject'])
            .doUpdateSet(values)
            .where('cut_offs.not_before', '<', times.notBefore),
        )
        .execute()
    },

    /** The latest among these and the restores of the database, in milliseconds; undefined when there is none. */
    async findCutOff(accountId: string, cutOffs: readonly CutOff[]): Promise<number | undefined> {
      const own = of(accountId)
        .selectFrom('cut_offs')
        .select('not_before')
        .where('account_id', '=', accountId)
        .where((eb) => eb.or(cutOffs.map(({ scope, subject }) => eb.and({ scope, subject }))))
      const all = own.unionAll(of(accountId).selectFrom('restores').select('restored_at as not_before'))
      const row = await of(accountId)
        .selectFrom(all.as('cut'))
        .select((eb) => eb.fn.max('not_before').as('notBefore'))
        .executeTakeFirst()
      return row?.notBefore ?? undefined
    },
  }
}
