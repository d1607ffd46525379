import type { Kysely, Selectable } from '../kysely.js'
import { changedOne, prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import { isPostgres } from '../scope.js'

type Head = Selectable<Database['audit_heads']>
type Entry = Selectable<Database['audit_entries']>

/** Reads the head of a chain, and on PostgreSQL locks it. */
export const lockHead = prepared((db, { chain }: { chain: string }) => {
  const query = db.selectFrom('audit_heads').selectAll().where('chain', '=', chain)
  return (isPostgres(db) ? query.forUpdate() : query).compile()
})

interface Step {
  readonly head: Head
  readonly next: Head
  readonly entry: Entry
}

/**
 * Moves the head of a chain and adds the entry that it moves to. False if the head in the database isn't `head`. On
 * PostgreSQL it must be locked, so it is; one statement writes both, which is sent with the next one.
 */
export async function writeEntry(db: Kysely<Database>, { head, next, entry }: Step): Promise<boolean> {
  const move: Move = {
    ...next,
    old_seq: head.seq,
    old_link: head.link,
    old_broken_at: head.broken_at,
    old_key_id: head.key_id,
    old_mac: head.mac,
  }
  if (isPostgres(db)) {
    await moveAndInsert(db, { ...renamed(entry), ...move })
    return true
  }
  if (!changedOne(await moveHead(db, move))) return false
  await insertEntry(db, renamed(entry))
  return true
}

type Changed = 'seq' | 'link' | 'broken_at' | 'key_id' | 'mac'
type Move = { [Column in keyof Head]: Head[Column] } & { [Column in Changed as `old_${Column}`]: Head[Column] }
type Inserted = { [Column in keyof Entry as `entry_${Column}`]: Entry[Column] }

const renamed = (entry: Entry): Inserted => ({
  entry_id: entry.id,
  entry_account_id: entry.account_id,
  entry_at: entry.at,
  entry_operation: entry.operation,
  entry_request_id: entry.request_id,
  entry_api_key_id: entry.api_key_id,
  entry_api_key_account_id: entry.api_key_account_id,
  entry_target_id: entry.target_id,
  entry_changes: entry.changes,
  entry_expires_at: entry.expires_at,
  entry_seq: entry.seq,
  entry_key_id: entry.key_id,
  entry_mac: entry.mac,
})

/** Every column is compared, because a remembered head wasn't read: someone may have changed any of them. */
const move = (db: Kysely<Database>, head: Move) =>
  db
    .updateTable('audit_heads')
    .set({ seq: head.seq, link: head.link, broken_at: head.broken_at, key_id: head.key_id, mac: head.mac })
    .where('chain', '=', head.chain)
    .where('account_id', 'is not distinct from', head.account_id)
    .where('seq', '=', head.old_seq)
    .where('link', '=', head.old_link)
    .where('removed_seq', '=', head.removed_seq)
    .where('removed_link', '=', head.removed_link)
    .where('broken_at', 'is not distinct from', head.old_broken_at)
    .where('key_id', '=', head.old_key_id)
    .where('mac', '=', head.old_mac)

const columnsOf = (entry: Inserted) => ({
  account_id: entry.entry_account_id,
  at: entry.entry_at,
  operation: entry.entry_operation,
  request_id: entry.entry_request_id,
  api_key_id: entry.entry_api_key_id,
  api_key_account_id: entry.entry_api_key_account_id,
  target_id: entry.entry_target_id,
  changes: entry.entry_changes,
  expires_at: entry.entry_expires_at,
  seq: entry.entry_seq,
  key_id: entry.entry_key_id,
  mac: entry.entry_mac,
})

const moveHead = prepared((db, head: Move) => move(db, head).compile())

const insertEntry = prepared((db, entry: Inserted) =>
  db
    .insertInto('audit_entries')
    .values({ id: entry.entry_id, ...columnsOf(entry) })
    .compile(),
)

/** Without a head that moves, the entry would have no id, and the transaction fails. */
const moveAndInsert = prepared(
  (db, values: Move & Inserted) =>
    db
      .with('moved', () => move(db, values).returning('seq'))
      .insertInto('audit_entries')
      .values((eb) => ({
        id: eb.selectFrom('moved').select(eb.cast<string>(eb.val(values.entry_id), 'text').as('id')),
        ...columnsOf(values),
      }))
      .compile(),
  { isResultUnused: true },
)
