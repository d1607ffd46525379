import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'
import { sql } from '../kysely.js'
import { isPostgres, scopesOf } from '../scope.js'
import { type RevocationSource, selectRevocations } from './revocations.js'

const rows = 20_000
const sources = [
  'cut_offs',
  'client_keys',
  'sessions',
  'tokens',
  'declared_tokens',
] as const satisfies readonly RevocationSource[]
const account = 'account-1'

describe.each(databases.filter((kind) => kind !== 'SQLite in a file'))('reading revocations in %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  afterAll(close)
  const { unscoped } = scopesOf(db)
  const numbers = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${rows})`
  await sql`insert into token_states (account_id, kind, jti, state, decided_at, expires_at)
    ${numbers} select ${account}, 'bridge', cast(n as text), 'spent', 1000, 2000 from numbers`.execute(unscoped)
  await sql`insert into sessions (account_id, sid, counter, rotated_at, expires_at)
    ${numbers} select ${account}, cast(n as text), 1, 1000, 2000 from numbers`.execute(unscoped)
  if (isPostgres(db)) await sql`analyze`.execute(unscoped)

  test.each(sources)(
    '%s: an index is used for one account and for all, whatever else the table contains',
    async (source) => {
      for (const accountId of [account, undefined]) {
        const first = { accountId, after: { at: 1 }, limit: 500 }
        const next = {
          ...first,
          after: { at: 1, account_id: account, key: source === 'cut_offs' ? ['a', 'b'] : ['a'] },
        }
        for (const page of [first, next]) {
          const explain = isPostgres(db) ? sql`explain` : sql`explain query plan`
          const plan = await sql`${explain} ${selectRevocations(source, page)}`.execute(unscoped)
          const text = JSON.stringify(plan.rows)
          // PostgreSQL reads a table of a page or two as a whole
          const isSmall = isPostgres(db) && (source === 'cut_offs' || source === 'client_keys')
          if (!isSmall) expect(text).toMatch(/_(revoked|disabled|of_account|in_order)/)
          expect(isSmall || !/Seq Scan|SCAN (?!.*USING)/.test(text), text).toBe(true)
        }
      }
    },
  )

  test('a page out of many new revocations is read in the order of the index, without sorting', async () => {
    // in parts, because a statement has a time limit
    for (let from = 0; from < rows; from += rows / 4) {
      const part = sql`select n + cast(${from} as integer) as n from numbers where n <= cast(${rows / 4} as integer)`
      await sql`insert into cut_offs (account_id, scope, subject, not_before, expires_at)
        ${numbers} select ${account}, 'customer', cast(n as text), 3000, 9000 from (${part}) as part`.execute(unscoped)
      await sql`insert into sessions (account_id, sid, counter, revoked_at, expires_at)
        ${numbers} select ${account}, 'revoked ' || n, 0, 3000, 9000 from (${part}) as part`.execute(unscoped)
    }
    const explain = isPostgres(db) ? sql`explain` : sql`explain query plan`
    for (const source of ['cut_offs', 'sessions'] as const) {
      const key = source === 'cut_offs' ? ['customer', '100'] : ['revoked 100']
      for (const accountId of [account, undefined]) {
        const page = { accountId, after: { at: 3000, account_id: account, key }, limit: 500 }
        const plan = await sql`${explain} ${selectRevocations(source, page)}`.execute(unscoped)
        expect(JSON.stringify(plan.rows)).not.toMatch(/Sort|Bitmap|Seq Scan|TEMP B-TREE/)
      }
    }
    await sql`delete from cut_offs`.execute(unscoped)
    await sql`delete from sessions where revoked_at is not null`.execute(unscoped)
  })

  test('among active and spent rows, only revoked ones are returned, page by page', async () => {
    for (const sid of ['1', '2', '3']) {
      await store.revokeSession({ accountId: account, sid }, { now: 5000, expiresAt: 9000 })
    }
    const first = await store.listRevocations('sessions', { accountId: account, after: { at: 4999 }, limit: 2 })
    const last = first.at(-1) ?? { at: 0 }
    const second = await store.listRevocations('sessions', { accountId: account, after: last, limit: 2 })
    expect([...first, ...second].map(({ key }) => key)).toEqual([['1'], ['2'], ['3']])
    expect(await store.listRevocations('tokens', { after: { at: 0 }, limit: 2 })).toEqual([])
    expect(await store.listRevocations('sessions', { accountId: 'account-2', after: { at: 0 }, limit: 2 })).toEqual([])
  })
})
