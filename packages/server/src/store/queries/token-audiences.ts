import type { Scopes } from '../scope.js'

/** The owner of audiences that kinds of any account may have: their names. */
const shared = ''

export function tokenAudienceQueries({ forAccount, unscoped }: Scopes) {
  return {
    /**
     * Makes an audience the account's own, for good: its tokens may outlive the setting. It is for session tokens, or
     * for one declared kind. False if it is another account's or another kind's. The write is the decision.
     */
    async claimTokenAudience(accountId: string, audience: string, kind: string | null = null): Promise<boolean> {
      const db = forAccount(accountId)
      const row = { audience, account_id: accountId, kind }
      await db
        .insertInto('token_audiences')
        .values(row)
        .onConflict((oc) => oc.column('audience').doNothing())
        .execute()
      const own = db.selectFrom('token_audiences').select('kind').where('audience', '=', audience)
      const found = await own.where('account_id', '=', accountId).executeTakeFirst()
      return found !== undefined && found.kind === kind
    },

    /**
     * Keeps everyone from making an audience their own, because it is the name of a declared kind, which any account may
     * choose. False if an account already has it. The write is the decision.
     */
    async shareTokenAudience(audience: string): Promise<boolean> {
      await unscoped
        .insertInto('token_audiences')
        .values({ audience, account_id: shared, kind: audience })
        .onConflict((oc) => oc.column('audience').doNothing())
        .execute()
      const query = unscoped.selectFrom('token_audiences').select('audience').where('audience', '=', audience)
      return (await query.where('account_id', '=', shared).executeTakeFirst()) !== undefined
    },
  }
}
