import { sql } from '../kysely.js'
import type { Scopes } from '../scope.js'
import {
  type AuditSealer,
  type ChainedEntry,
  censusSetting,
  chainOf,
  lockAuditHead,
  moveAuditHead,
  type SealedHead,
} from './audit-chain.js'
import { settingQueries } from './settings.js'

/** Reads chains of audit entries, and removes expired entries. For the host's own work, never for a caller's. */
export function auditReviewQueries(scopes: Scopes) {
  const { unscoped } = scopes
  const entriesOf = (accountId: string | null) =>
    unscoped.selectFrom('audit_entries').where('account_id', accountId === null ? 'is' : '=', accountId)

  /** Entries of a chain in their order, after this position. */
  const listChainedEntries = async (accountId: string | null, after: number, limit: number) => {
    const query = entriesOf(accountId).selectAll().where('seq', '>', after)
    // the condition leaves out entries without a position
    return (await query.orderBy('seq').orderBy('id').limit(limit).execute()) as ChainedEntry[]
  }

  return {
    listChainedEntries,

    async findAuditHead(chain: string): Promise<SealedHead | undefined> {
      return unscoped.selectFrom('audit_heads').selectAll().where('chain', '=', chain).executeTakeFirst()
    },

    async listAuditHeads(after: string | undefined, limit: number): Promise<SealedHead[]> {
      const all = unscoped.selectFrom('audit_heads').selectAll()
      const next = after === undefined ? all : all.where('chain', '>', after)
      return next.orderBy('chain').limit(limit).execute()
    },

    async countAuditHeads(): Promise<number> {
      const query = unscoped.selectFrom('audit_heads').select((eb) => eb.fn.countAll<number>().as('heads'))
      return (await query.executeTakeFirstOrThrow()).heads
    },

    /** An entry at a position whose entry was already removed. */
    async findMisplacedEntry(accountId: string | null, removedSeq: number): Promise<ChainedEntry | undefined> {
      const query = entriesOf(accountId).selectAll().where('seq', '<=', removedSeq)
      return (await query.orderBy('seq').limit(1).executeTakeFirst()) as ChainedEntry | undefined
    },

    /** An entry of a chain that has no head. */
    async findHeadlessEntry(): Promise<ChainedEntry | undefined> {
      const query = unscoped
        .selectFrom('audit_entries as entry')
        .leftJoin('audit_heads as head', (join) => join.on('head.chain', '=', sql`coalesce(entry.account_id, '')`))
        .selectAll('entry')
        .where('entry.seq', 'is not', null)
        // the server's chain is that of no account
        .where((eb) => eb.or([eb('head.chain', 'is', null), eb('entry.account_id', '=', '')]))
      return (await query.limit(1).executeTakeFirst()) as ChainedEntry | undefined
    },

    /** Entries without a position, by account. Null is the server. */
    async countUnchained(): Promise<{ accountId: string | null; entries: number }[]> {
      return unscoped
        .selectFrom('audit_entries')
        .select((eb) => ['account_id as accountId', eb.fn.countAll<number>().as('entries')])
        .where('seq', 'is', null)
        .groupBy('account_id')
        .execute()
    },

    async removeUnchained(before: number, batch: number): Promise<number> {
      const expired = unscoped
        .selectFrom('audit_entries')
        .select('id')
        .where('seq', 'is', null)
        .where('expires_at', '<=', before)
        .limit(batch)
      const result = await unscoped.deleteFrom('audit_entries').where('id', 'in', expired).executeTakeFirst()
      return Number(result.numDeletedRows)
    },

    /** Accounts (null: the server) whose chain has an entry that expired by `before`. */
    async findExpiredChains(before: number, after: string | undefined, limit: number): Promise<(string | null)[]> {
      // as an expression it is in no index, so what is read is what expired, and not all entries in order of accounts
      const chain = sql<string>`coalesce(account_id, '')`
      const all = unscoped
        .selectFrom('audit_entries')
        .select(chain.as('chain'))
        .distinct()
        .where('seq', 'is not', null)
        .where('expires_at', '<=', before)
      const next = after === undefined ? all : all.where(chain, '>', after)
      const rows = await next.orderBy('chain').limit(limit).execute()
      return rows.map((row) => row.chain || null)
    },

    /**
     * Removes expired entries from the front of a chain, and notes in its head how far. An entry that doesn't match its
     * MAC stays, so that it can still be found. Call it in a transaction.
     */
    async removeExpiredEntries(
      sealer: AuditSealer,
      accountId: string | null,
      { before, batch }: { readonly before: number; readonly batch: number },
    ): Promise<number> {
      const head = await lockAuditHead(unscoped, chainOf(accountId), 'skip')
      if (head && sealer.checkHead(head) === 'forgotten') await sealer.refresh(settingQueries(scopes))
      if (!head || sealer.checkHead(head) !== 'right') return 0
      const entries = await listChainedEntries(accountId, head.removed_seq, batch)
      const expired: string[] = []
      let { removed_seq, removed_link } = head
      for (const entry of entries) {
        const { checked, link } = sealer.checkEntry(removed_link, entry)
        const isNext = entry.seq === removed_seq + 1 && entry.seq <= head.seq && entry.expires_at <= before
        if (!isNext || checked === 'wrong') break
        removed_seq = entry.seq
        removed_link = link
        expired.push(entry.id)
      }
      if (expired.length === 0 || !(await moveAuditHead(unscoped, sealer, head, { removed_seq, removed_link })))
        return 0
      await unscoped.deleteFrom('audit_entries').where('id', 'in', expired).execute()
      return expired.length
    },

    /**
     * Seals every head, and the census, with the current key before older keys are deleted. Call it in a transaction.
     */
    async resealAuditChains(sealer: AuditSealer): Promise<void> {
      const { findSetting, replaceSetting } = settingQueries(scopes)
      const sealed = await findSetting(censusSetting)
      const census = sealed === undefined ? undefined : sealer.openCensus(sealed)
      if (sealed !== undefined && census) {
        await replaceSetting(censusSetting, sealed, sealer.sealCensus(census))
      }
      const chains = await unscoped.selectFrom('audit_heads').select('chain').orderBy('chain').execute()
      for (const { chain } of chains) {
        const head = await lockAuditHead(unscoped, chain)
        // a head that someone changed is not repaired
        if (head && sealer.checkHead(head) === 'right') await moveAuditHead(unscoped, sealer, head, {})
      }
    },
  }
}
