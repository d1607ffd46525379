import * as fc from 'fast-check'
import { type Kysely, sql } from '../store/kysely.js'
import type { Database } from '../store/schema.js'

/** A change that only someone with access to the database can make, and its description. */
export interface Tampering {
  readonly say: string
  readonly change: (host: Kysely<Database>) => Promise<unknown>
}

/** Three chains of {@link entriesPerChain} entries each. Null is the server's chain. */
export const tamperedAccounts = [
  null,
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
] as const
export const entriesPerChain = 6

const columns = ['id', 'at', 'operation', 'request_id', 'api_key_id', 'api_key_account_id', 'target_id', 'changes']
const entryColumns = [...columns, 'expires_at', 'account_id', 'seq', 'key_id', 'mac']
const nullable = ['request_id', 'api_key_id', 'api_key_account_id', 'target_id', 'seq', 'key_id', 'mac']
const headColumns = ['chain', 'account_id', 'seq', 'link', 'removed_seq', 'removed_link', 'broken_at', 'key_id', 'mac']
const numbers = ['at', 'expires_at', 'seq', 'removed_seq', 'broken_at']

const account = fc.constantFrom(...tamperedAccounts)
const seq = fc.integer({ min: 1, max: entriesPerChain })
const text = fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme-ascii' })
const by = fc.integer({ min: 1, max: 9 })
type Account = (typeof tamperedAccounts)[number]

const inChain = (of: Account) => (of === null ? sql`account_id is null` : sql`account_id = ${of}`)
export const atPlace = (of: Account, place: number) => sql`seq = ${place} and ${inChain(of)}`

const otherValue = (column: string, more: string, sum: number) =>
  numbers.includes(column)
    ? sql`coalesce(${sql.ref(column)}, 0) + ${sql.lit(sum)}`
    : sql`${more} || coalesce(${sql.ref(column)}, '')`

const changeEntry = fc.record({ account, seq, column: fc.constantFrom(...entryColumns), text, by }).map((it) => {
  const value = otherValue(it.column, it.text, it.by)
  const where = atPlace(it.account, it.seq)
  return tampering(it, sql`update audit_entries set ${sql.ref(it.column)} = ${value} where ${where}`)
})

const emptyColumn = fc
  .record({ account, seq, column: fc.constantFrom(...nullable) })
  .map((it) =>
    tampering(it, sql`update audit_entries set ${sql.ref(it.column)} = null where ${atPlace(it.account, it.seq)}`),
  )

const moveToOther = fc
  .record({ account, to: account, seq })
  .filter(({ account, to }) => account !== to)
  .map((it) => tampering(it, sql`update audit_entries set account_id = ${it.to} where ${atPlace(it.account, it.seq)}`))

const deleteEntry = fc
  .record({ account, deleted: seq })
  .map((it) => tampering(it, sql`delete from audit_entries where ${atPlace(it.account, it.deleted)}`))

const truncate = fc
  .record({ account, from: seq })
  .map((it) => tampering(it, sql`delete from audit_entries where seq >= ${it.from} and ${inChain(it.account)}`))

const swap = fc
  .record({ account, one: seq, other: seq })
  .filter(({ one, other }) => one !== other)
  .map((it) =>
    tampering(
      it,
      sql`update audit_entries set seq = ${sql.lit(it.one + it.other)} - seq
        where seq in (${it.one}, ${it.other}) and ${inChain(it.account)}`,
    ),
  )

const insertCopy = fc
  .record({
    account,
    seq,
    as: fc.constantFrom(-1, 0, 1, 3, 7, 8, null),
    to: fc.constantFrom(...tamperedAccounts, '', 'new'),
  })
  .map((it) =>
    tampering(
      it,
      sql`insert into audit_entries (id, account_id, at, operation, changes, expires_at, seq, key_id, mac)
        select 'copy', ${it.to}, at, operation, changes, expires_at, ${sql.lit(it.as)}, key_id, mac
        from audit_entries where ${atPlace(it.account, it.seq)}`,
    ),
  )

const changeHead = fc
  .record({ account, column: fc.constantFrom(...headColumns), text, by: fc.constantFrom(-2, -1, 1, 2) })
  .map((it) => {
    const value = otherValue(it.column, it.text, it.by)
    return tampering(it, sql`update audit_heads set ${sql.ref(it.column)} = ${value} where chain = ${it.account ?? ''}`)
  })

const deleteHead = fc.record({ account, entriesToo: fc.boolean() }).map((it) => {
  const entries = it.entriesToo ? [sql`delete from audit_entries where ${inChain(it.account)}`] : []
  return tampering(it, sql`delete from audit_heads where chain = ${it.account ?? ''}`, ...entries)
})

const changeCensus = fc
  .constantFrom(sql`'9 0 a x'`, sql`'2' || substr(value, 2)`, sql`value || 'x'`)
  .map((value) => tampering('census', sql`update settings set value = ${value} where name = 'audit_census'`))

const deleteCensus = fc.constant(tampering('no census', sql`delete from settings where name = 'audit_census'`))

export const anyTampering: fc.Arbitrary<Tampering> = fc.oneof(
  changeEntry,
  emptyColumn,
  moveToOther,
  deleteEntry,
  truncate,
  swap,
  insertCopy,
  changeHead,
  deleteHead,
  changeCensus,
  deleteCensus,
)

function tampering(what: unknown, ...statements: ReturnType<typeof sql>[]): Tampering {
  return {
    say: JSON.stringify(what),
    async change(host) {
      for (const statement of statements) await statement.execute(host)
    },
  }
}
