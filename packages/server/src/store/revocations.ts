import type { CutOffScope } from './cut-offs.js'
import type { Scopes } from './scope.js'

/** How far back revocations are asked for. Times in milliseconds; what lies before has no live token any more. */
export interface RevocationWindow {
  readonly now: number
  /** For what ends session tokens. */
  readonly sessionsSince: number
  /** For what ends bridge tokens. */
  readonly tokensSince: number
}

/** Everything that was ended of late, of all accounts. */
export interface RecentRevocations {
  /** When the database was restored last. */
  readonly restoredAt: number | null
  readonly tokens: readonly { readonly account_id: string; readonly kind: string; readonly jti: string }[]
  readonly sessions: readonly { readonly account_id: string; readonly sid: string }[]
  readonly clientKeys: readonly { readonly account_id: string; readonly id: string }[]
  readonly cutOffs: readonly {
    readonly account_id: string
    readonly scope: CutOffScope
    readonly subject: string
    readonly not_before: number
  }[]
}

export function revocationQueries({ host }: Scopes) {
  return {
    /** What a verifier that keeps no state has to know, each list in the order of its key. */
    async listRevocations({ now, sessionsSince, tokensSince }: RevocationWindow): Promise<RecentRevocations> {
      const tokens = host
        .selectFrom('token_states')
        .select(['account_id', 'kind', 'jti'])
        .where('state', '=', 'revoked')
        .where('kind', '=', 'bridge')
        .where('expires_at', '>', now)
        .orderBy('account_id')
        .orderBy('jti')
      const sessions = host
        .selectFrom('sessions')
        .select(['account_id', 'sid'])
        .where('revoked_at', '>', sessionsSince)
        .orderBy('account_id')
        .orderBy('sid')
      const clientKeys = host
        .selectFrom('client_keys')
        .select(['account_id', 'id'])
        .where('disabled_at', '>', sessionsSince)
        .orderBy('account_id')
        .orderBy('id')
      const cutOffs = host
        .selectFrom('cut_offs')
        .select(['account_id', 'scope', 'subject', 'not_before'])
        .where((eb) =>
          eb.or([
            eb('not_before', '>', sessionsSince),
            eb.and([eb('scope', '=', 'account'), eb('not_before', '>', tokensSince)]),
          ]),
        )
        .orderBy('account_id')
        .orderBy('scope')
        .orderBy('subject')
      const restores = host
        .selectFrom('restores')
        .select((eb) => eb.fn.max('restored_at').as('restoredAt'))
        .where('restored_at', '>', tokensSince)
      return {
        restoredAt: (await restores.executeTakeFirst())?.restoredAt ?? null,
        tokens: await tokens.execute(),
        sessions: await sessions.execute(),
        clientKeys: await clientKeys.execute(),
        cutOffs: await cutOffs.execute(),
      }
    },
  }
}
