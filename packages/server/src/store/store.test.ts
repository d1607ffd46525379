import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenAlg } from '@hallpass/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase, openEmpty } from '../testing/databases.js'
import { isStoreFailure } from './failure.js'
import { sql } from './kysely.js'
import { migrate } from './migrations/migrate.js'
import { lockSqlite, openSqlite } from './sqlite/open-sqlite.js'
import { sqlitePath } from './sqlite/sqlite-path.js'
import { createStore } from './store.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const times = { now: 1, expiresAt: 1000 }
const tokenOf = (jti: string) => ({ accountId: 'account-1', kind: 'visitor' as const, jti })

describe.each(databases)('a store in %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  afterAll(close)

  test('is migrated once, however often migrate is called', async () => {
    await store.insertSetting('kept', 'yes')
    await migrate(db)
    expect(await store.findSetting('kept')).toBe('yes')
    await store.ping()
  })

  test('a migration that fails leaves nothing behind', async () => {
    const other = await openEmpty(kind)
    await sql`create table activity (name text)`.execute(other.db)
    await expect(migrate(other.db)).rejects.toThrow('"activity" already exists')
    const tables = (await other.db.introspection.getTables()).map(({ name }) => name)
    expect(tables).toEqual(['activity'])
    await sql`drop table activity`.execute(other.db)
    await migrate(other.db)
    await other.close()
  })

  test('that a newer version has migrated is used unchanged', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(db)
    await sql`alter table customers add column later text`.execute(db)
    await migrate(db)
    await store.upsertAccount({ id: 'older', name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null })
    expect(await store.upsertCustomer('older', { id: 'customer-older', name: 'Ada', status: 'verified' })).toBe(true)
    expect(await store.findCustomer('older', 'customer-older')).toMatchObject({ name: 'Ada', status: 'verified' })
  })

  test('a statement after the end of its transaction is refused', async () => {
    let kept = store
    await store.transaction(async (tx) => {
      kept = tx
      expect(await tx.isTokenFinal(tokenOf('late'))).toBe(false)
    })
    await expect(kept.isTokenFinal(tokenOf('late'))).rejects.toThrow('already committed')
  })

  test('a transaction is atomic', async () => {
    const answer = await store.transaction(async (tx) => {
      await tx.consumeOrRevokeToken(tokenOf('both-1'), 'spent', times)
      await tx.rotateSession({ accountId: 'account-1', sid: 'both-2' }, 0, times)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await store.isTokenFinal(tokenOf('both-1'))).toBe(true)
    expect(await store.findSession({ accountId: 'account-1', sid: 'both-2' })).toMatchObject({ counter: 1 })
  })

  test('a spread store has every method, in a transaction too', async () => {
    const names = Object.keys({ ...store })
    expect(names.length).toBeGreaterThan(100)
    await store.transaction(async (tx) => {
      expect(Object.keys({ ...tx }).toSorted()).toEqual(names.toSorted())
      expect(await { ...tx }.consumeOrRevokeToken(tokenOf('spread'), 'spent', times)).toBe(true)
      expect(await tx.isTokenFinal(tokenOf('spread'))).toBe(true)
    })
  })

  test('a transaction builds only the queries that it uses', async () => {
    const built = await store.transaction(async (tx) => {
      await tx.isTokenFinal(tokenOf('none'))
      return Object.getOwnPropertyDescriptor(tx, 'findCustomer')
    })
    expect(built).toBeUndefined()
  })

  test('a transaction that throws leaves nothing behind', async () => {
    const error = new Error('after the fact')
    const failed = store.transaction(async (tx) => {
      await tx.consumeOrRevokeToken(tokenOf('none-1'), 'spent', times)
      await tx.rotateSession({ accountId: 'account-1', sid: 'none-2' }, 0, times)
      throw error
    })
    await expect(failed).rejects.toBe(error)
    expect(await store.isTokenFinal(tokenOf('none-1'))).toBe(false)
    expect(await store.findSession({ accountId: 'account-1', sid: 'none-2' })).toBeUndefined()
    expect(await store.consumeOrRevokeToken(tokenOf('none-1'), 'spent', times)).toBe(true)
  })

  test('the second of two simultaneous transactions sees the decision of the first', async () => {
    const spend = () => store.transaction((tx) => tx.consumeOrRevokeToken(tokenOf('race'), 'spent', times))
    expect((await Promise.all([spend(), spend(), spend()])).filter(Boolean)).toHaveLength(1)
  })

  test('a setting is written once and replaced only from what it was', async () => {
    expect(await store.findSetting('data_key')).toBeUndefined()
    await store.insertSetting('data_key', 'one')
    await store.insertSetting('data_key', 'two')
    expect(await store.findSetting('data_key')).toBe('one')
    expect(await store.replaceSetting('data_key', 'two', 'three')).toBe(false)
    expect(await store.replaceSetting('data_key', 'one', 'three')).toBe(true)
    expect(await store.findSetting('data_key')).toBe('three')
  })

  test('signing keys are sorted by activation, the last one first, and are replaced atomically', async () => {
    const fixed = { public_jwk: '{}', sealed_private: 'x', created_at: 1, unused_since: null }
    const keyOf = (kid: string, activates_at: number, for_client_keys: 1 | null = null, alg: TokenAlg = 'EdDSA') => ({
      ...fixed,
      ...{ kid, alg, activates_at, for_client_keys },
    })
    const kids = async () => (await store.listSigningKeys()).map(({ kid }) => kid)
    expect(await store.succeedSigningKey(keyOf('c', 5), undefined)).toBe(true)
    expect(await store.succeedSigningKey(keyOf('x', 6), undefined)).toBe(false)
    expect(await store.succeedSigningKey(keyOf('b', 10), 'c')).toBe(true)
    expect(await store.succeedSigningKey(keyOf('a', 20), 'b')).toBe(true)
    expect(await store.succeedSigningKey(keyOf('x', 30), 'b')).toBe(false)
    expect(await kids()).toEqual(['a', 'b', 'c'])
    expect(await store.replaceSigningKey('a', keyOf('d', 30))).toBe(true)
    expect(await store.replaceSigningKey('a', keyOf('e', 40))).toBe(false)
    expect(await store.replaceSigningKey('c', undefined)).toBe(true)
    expect(await kids()).toEqual(['d', 'b'])
    await expect(store.replaceSigningKey('b', keyOf('d', 50))).rejects.toThrow()
    expect(await kids()).toEqual(['d', 'b'])
    // those for client keys with an algorithm succeed one another
    expect(await store.succeedSigningKey(keyOf('r1', 50, 1, 'RS256'), undefined)).toBe(true)
    expect(await store.succeedSigningKey(keyOf('r2', 60, 1, 'RS256'), undefined)).toBe(false)
    expect(await store.succeedSigningKey(keyOf('r2', 60, 1, 'RS256'), 'r1')).toBe(true)
    expect(await store.succeedSigningKey(keyOf('e1', 60, 1), undefined)).toBe(true)
    expect(await store.succeedSigningKey(keyOf('f', 70), 'd')).toBe(true)
    await store.noteUnusedSince('RS256', 5)
    await store.noteUnusedSince('RS256', 6)
    const unused = async () => (await store.listSigningKeys()).map(({ kid, unused_since }) => [kid, unused_since])
    expect(await unused()).toEqual([
      ['f', null],
      ['e1', null],
      ['r2', 5],
      ['r1', 5],
      ['d', null],
      ['b', null],
    ])
    await store.noteUnusedSince('RS256', null)
    expect((await unused()).every(([, since]) => since === null)).toBe(true)
  })
})

describe('a SQLite file', () => {
  test('keeps decisions for the next process', async () => {
    const path = join(folder, 'kept.db')
    const first = openSqlite(path)
    await migrate(first.db)
    await createStore(first.db).consumeOrRevokeToken(tokenOf('kept'), 'spent', times)
    await first.close()
    const second = openSqlite(path)
    expect(await createStore(second.db).isTokenFinal(tokenOf('kept'))).toBe(true)
    await second.close()
  })

  test('is used by one server at a time, and a command may read it', async () => {
    const path = join(folder, 'taken.db')
    const unlock = lockSqlite(path)
    expect(() => lockSqlite(path)).toThrow(
      `The database ${path} is in use by another process. Stop it first, or use another database: --database-url, or --data of hallpass dev.`,
    )
    await openSqlite(path).close()
    unlock()
    lockSqlite(path)()
  })

  test('in a missing folder gives an error that names the folder', () => {
    expect(() => lockSqlite(join(folder, 'none', 'x.db'))).toThrow(
      `The folder of the database does not exist: ${join(folder, 'none')}.`,
    )
  })

  test('that is closed is a failure of the store', async () => {
    const { db, close } = openSqlite(undefined)
    await close()
    const error = await createStore(db)
      .ping()
      .catch((error: unknown) => error)
    expect(isStoreFailure(error)).toBe(true)
  })

  test("that isn't a database is a failure of the store", async () => {
    const path = join(folder, 'damaged.db')
    writeFileSync(path, 'this is not a database, however long it may be '.repeat(100))
    expect(() => openSqlite(path)).toThrow(`The database ${path} cannot be opened: file is not a database.`)
  })

  test("a violated constraint isn't a failure of the store, and neither is any other error", async () => {
    const { db, close } = openSqlite(undefined)
    await migrate(db)
    const orphan = { id: 'x', name: '', tenant: 't', environment: 'sandbox', parent_id: 'none' } as const
    const error = await createStore(db)
      .upsertAccount(orphan)
      .catch((error: unknown) => error)
    await close()
    expect(error).toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
    expect(isStoreFailure(error)).toBe(false)
    expect(isStoreFailure(new TypeError('x is not a function'))).toBe(false)
    expect(isStoreFailure('SQLITE_BUSY')).toBe(false)
  })

  test.each([
    [':memory:', undefined],
    ['file:/data/hallpass.db', '/data/hallpass.db'],
    ['file:///data/hallpass.db', '/data/hallpass.db'],
    ['file:./hallpass.db', join(process.cwd(), 'hallpass.db')],
  ])('%s is at %s', (url, path) => {
    expect(sqlitePath(url)).toBe(path)
  })
})
