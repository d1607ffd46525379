import type { Kysely, Selectable } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'
import { type AuditContent, type AuditEntry, toContent } from './audit.js'
import { settingQueries } from './settings.js'

/** Where one chain of entries stands: one chain an account, and one (`''`) for the server's own entries. */
export type AuditHead = Omit<Selectable<Database['audit_heads']>, 'key_id' | 'mac'>
export type SealedHead = Selectable<Database['audit_heads']>
export type ChainedEntry = Selectable<Database['audit_entries']> & { readonly seq: number }

/** An entry that knows its place, and has no code yet. */
export type PlacedContent = AuditContent & { readonly seq: number }

/** A code that only the holder of a key can make, and the key's name. */
export interface Mac {
  readonly key_id: string
  readonly mac: string
}

/** `forgotten`: the key that it was made with is no longer known. */
export type Checked = 'right' | 'wrong' | 'forgotten'

/** Makes and checks the codes of a chain. */
export interface AuditSealer {
  /** Takes up a key that another process has made; in a transaction, none is made before that is over. */
  readonly refresh: (store: Pick<ReturnType<typeof settingQueries>, 'lockSetting'>) => Promise<void>
  /** Seals an entry after the link of the one before it; `link` stands for the entry and for everything before it. */
  readonly sealEntry: (previous: string, entry: PlacedContent) => Mac & { readonly link: string }
  readonly checkEntry: (previous: string, entry: ChainedEntry) => { readonly checked: Checked; readonly link: string }
  readonly sealHead: (head: AuditHead) => Mac
  readonly checkHead: (head: SealedHead) => Checked
  /** As text that only the holder of a key can make. */
  readonly sealCensus: (census: AuditCensus) => string
  /** Undefined when the text is not one that was sealed. */
  readonly openCensus: (sealed: string) => AuditCensus | undefined
}

/** How many chains there are, so that none can be removed as a whole, and how many entries there were before there were chains. */
export interface AuditCensus {
  readonly chains: number
  readonly unchained: number
}

/** The setting that holds the {@link AuditCensus}. */
export const censusSetting = 'audit_census'

export const chainOf = (accountId: string | null): string => accountId ?? ''

const appendAttempts = 10

/** To be called in the transaction that makes the change. */
export function auditChainQueries(scopes: Scopes) {
  return {
    /** Adds an entry to its chain. The chain's head moves on by one conditional write, so two entries never share a place. */
    async appendAuditEntry(sealer: AuditSealer, entry: AuditEntry): Promise<ChainedEntry> {
      const db = entry.accountId === null ? scopes.unscoped : scopes.forAccount(entry.accountId)
      const content = toContent(entry)
      for (let attempt = 0; attempt < appendAttempts; attempt++) {
        const head = await lockAuditHead(db, chainOf(entry.accountId))
        if (!head || sealer.checkHead(head) === 'forgotten') await sealer.refresh(settingQueries(scopes))
        if (!head) {
          await beginChain(scopes, sealer, entry.accountId)
          continue
        }
        const seq = head.seq + 1
        const { link, ...mac } = sealer.sealEntry(head.link, { ...content, seq })
        // a head that someone changed must not be made good again by the entries that follow it
        const broken_at = sealer.checkHead(head) === 'right' ? head.broken_at : (head.broken_at ?? seq)
        if (!(await moveAuditHead(db, sealer, head, { seq, link, broken_at }))) continue
        const row = { ...content, seq, ...mac }
        await db.insertInto('audit_entries').values(row).execute()
        return row
      }
      throw new Error('the head of an audit chain could not be moved')
    },
  }
}

/** On PostgreSQL others wait for their turn here, instead of working in vain; on SQLite a transaction has the whole file. */
export async function lockAuditHead(
  db: Kysely<Database>,
  chain: string,
  wait: 'wait' | 'skip' = 'wait',
): Promise<SealedHead | undefined> {
  const query = db.selectFrom('audit_heads').selectAll().where('chain', '=', chain)
  if (!isPostgres(db)) return query.executeTakeFirst()
  const locking = query.forUpdate()
  return (wait === 'skip' ? locking.skipLocked() : locking).executeTakeFirst()
}

/** Seals a head's next state, if the head is still what it was. */
export async function moveAuditHead(
  db: Kysely<Database>,
  sealer: AuditSealer,
  head: SealedHead,
  change: Partial<AuditHead>,
): Promise<boolean> {
  const result = await db
    .updateTable('audit_heads')
    .set({ ...change, ...sealer.sealHead({ ...head, ...change }) })
    .where('chain', '=', head.chain)
    .where('seq', '=', head.seq)
    .where('mac', '=', head.mac)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

async function beginChain(scopes: Scopes, sealer: AuditSealer, account_id: string | null): Promise<void> {
  const db = account_id === null ? scopes.unscoped : scopes.forAccount(account_id)
  const present = await db
    .selectFrom('audit_entries')
    .select((eb) => eb.fn.max('seq').as('last'))
    .where('account_id', account_id === null ? 'is' : '=', account_id)
    .executeTakeFirstOrThrow()
  // entries without a head: someone removed it
  const last = present.last ?? 0
  const head: AuditHead = {
    chain: chainOf(account_id),
    account_id,
    seq: last,
    link: '',
    removed_seq: last,
    removed_link: '',
    broken_at: last === 0 ? null : last + 1,
  }
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('audit_heads')
    .values({ ...head, ...sealer.sealHead(head) })
    .onConflict((oc) => oc.column('chain').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 1n) await countChain(scopes, sealer)
}

async function countChain(scopes: Scopes, sealer: AuditSealer): Promise<void> {
  const { findSetting, insertSetting, replaceSetting } = settingQueries(scopes)
  // a census that is missing beside other chains stays missing, for the verification to find
  if ((await countRows(scopes.unscoped, 'audit_heads')) <= 1) {
    const unchained = await countRows(scopes.unscoped, 'audit_entries')
    await insertSetting(censusSetting, sealer.sealCensus({ chains: 0, unchained }))
  }
  for (let attempt = 0; attempt < appendAttempts; attempt++) {
    const sealed = await findSetting(censusSetting)
    const census = sealed === undefined ? undefined : sealer.openCensus(sealed)
    if (sealed === undefined || census === undefined) return
    const next = sealer.sealCensus({ ...census, chains: census.chains + 1 })
    if (await replaceSetting(censusSetting, sealed, next)) return
  }
  throw new Error('the census of audit chains could not be changed')
}

async function countRows(unscoped: Kysely<Database>, table: 'audit_heads' | 'audit_entries'): Promise<number> {
  const query = unscoped.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('rows'))
  const one = table === 'audit_entries' ? query.where('seq', 'is', null) : query
  return (await one.executeTakeFirstOrThrow()).rows
}
