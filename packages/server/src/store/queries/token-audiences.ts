import type { Scopes } from '../scope.js'

export function tokenAudienceQueries({ forAccount }: Scopes) {
  return {
    /**
     * Makes an audience the account's own, for good: its tokens may outlive the setting. False if it is another
     * account's. The write is the decision.
     */
    async claimTokenAudience(accountId: string, audience: string): Promise<boolean> {
      const db = forAccount(accountId)
      const row = { audience, account_id: accountId }
      await db
        .insertInto('token_audiences')
        .values(row)
        .onConflict((oc) => oc.column('audience').doNothing())
        .execute()
      const own = db.selectFrom('token_audiences').select('audience').where('audience', '=', audience)
      return (await own.where('account_id', '=', accountId).executeTakeFirst()) !== undefined
    },
  }
}
