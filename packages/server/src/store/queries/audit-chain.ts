import type { Kysely, Selectable } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'
import { type AuditContent, type AuditEntry, toContent } from './audit.js'
import { settingQueries } from './settings.js'
import { lockHead, writeEntry } from './write-entry.js'

/** A chain of entries: one for each account, and one (`''`) for the server's own entries. */
export type AuditHead = Omit<Selectable<Database['audit_heads']>, 'key_id' | 'mac'>
export type SealedHead = Selectable<Database['audit_heads']>
export type ChainedEntry = Selectable<Database['audit_entries']> & { readonly seq: number }

/** An entry with its position, before it has a MAC. */
export type PlacedContent = AuditContent & { readonly seq: number }

/** A MAC that only the holder of a key can make, and the key's id. */
export interface Mac {
  readonly key_id: string
  readonly mac: string
}

/** `forgotten`: the key was deleted. */
export type Checked = 'right' | 'wrong' | 'forgotten'

/** Heads of chains, by chain. */
export interface LastHeads {
  /** Undefined if it is unknown, or was sealed with a key that is no longer the current one. */
  readonly get: (chain: string) => SealedHead | undefined
  readonly set: (chain: string, head: SealedHead) => void
}

/** Makes and checks the MACs of a chain. */
export interface AuditSealer {
  /** Loads a key that another process has made. In a transaction, no new key is made before it ends. */
  readonly refresh: (store: Pick<ReturnType<typeof settingQueries>, 'lockSetting'>) => Promise<void>
  /** Seals an entry after the link of the previous one. `link` is a hash of the entry and of everything before it. */
  readonly sealEntry: (previous: string, entry: PlacedContent) => Mac & { readonly link: string }
  readonly checkEntry: (previous: string, entry: ChainedEntry) => { readonly checked: Checked; readonly link: string }
  readonly sealHead: (head: AuditHead) => Mac
  readonly checkHead: (head: SealedHead) => Checked
  /** The newest heads that this process has sealed, of which the database may know nothing. */
  readonly lastHeads: LastHeads
  /** As text that only the holder of a key can make. */
  readonly sealCensus: (census: AuditCensus) => string
  /** Undefined if the text is not a valid seal. */
  readonly openCensus: (sealed: string) => AuditCensus | undefined
}

/**
 * The number of chains, so that removing a whole chain is detected, and the number of entries from before chains
 * existed.
 */
export interface AuditCensus {
  readonly chains: number
  readonly unchained: number
}

/** The setting that contains the {@link AuditCensus}. */
export const censusSetting = 'audit_census'

export const chainOf = (accountId: string | null): string => accountId ?? ''

const appendAttempts = 10

/** Call it in the transaction that makes the change. */
export function auditChainQueries(scopes: Scopes) {
  return {
    /**
     * Adds an entry to its chain. One conditional write advances the chain's head, so two entries never get the same
     * position.
     */
    async appendAuditEntry(sealer: AuditSealer, entry: AuditEntry): Promise<ChainedEntry> {
      const db = entry.accountId === null ? scopes.unscoped : scopes.forAccount(entry.accountId)
      const chain = chainOf(entry.accountId)
      const content = toContent(entry)
      // PostgreSQL doesn't show the head that an uncommitted change has written, and reading it waits for that change
      const last = isPostgres(db) ? undefined : sealer.lastHeads.get(chain)
      const next = last && (await appendTo(db, sealer, { ...last, isRight: true }, content))
      if (next) return next
      for (let attempt = 0; attempt < appendAttempts; attempt++) {
        const [head] = (await lockHead(db, { chain })).rows
        if (!head) {
          await sealer.refresh(settingQueries(scopes))
          await beginChain(scopes, sealer, entry.accountId)
          continue
        }
        const isRight = (await checkHead(scopes, sealer, head)) === 'right'
        const added = await appendTo(db, sealer, { ...head, isRight }, content)
        if (added) return added
      }
      throw new Error('the head of an audit chain could not be moved')
    },
  }
}

/** Undefined if the head in the database is not exactly this one. */
async function appendTo(
  db: Kysely<Database>,
  sealer: AuditSealer,
  { isRight, ...head }: SealedHead & { readonly isRight: boolean },
  content: AuditContent,
): Promise<ChainedEntry | undefined> {
  const seq = head.seq + 1
  const { link, ...mac } = sealer.sealEntry(head.link, { ...content, seq })
  // later entries must not repair a head that someone changed
  const broken_at = isRight ? head.broken_at : (head.broken_at ?? seq)
  const next = { ...head, seq, link, broken_at }
  const sealed = { ...next, ...sealer.sealHead(next) }
  const entry = { ...content, seq, ...mac }
  if (!(await writeEntry(db, { head, next: sealed, entry }))) return undefined
  sealer.lastHeads.set(head.chain, sealed)
  return entry
}

/** If the head's key is unknown here, another process may have made it. */
async function checkHead(scopes: Scopes, sealer: AuditSealer, head: SealedHead): Promise<Checked> {
  const checked = sealer.checkHead(head)
  if (checked !== 'forgotten') return checked
  await sealer.refresh(settingQueries(scopes))
  return sealer.checkHead(head)
}

/**
 * On PostgreSQL others wait here for their turn instead of working in vain. On SQLite a transaction has the whole file.
 */
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

/** Seals the next state of a head, if the head is unchanged. */
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
  // a missing census next to other chains stays missing, so that the verification finds it
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
