import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../kysely.js'
import { migrate, migrationNames } from '../migrations/migrate.js'
import { inspectSqlite } from './inspect-sqlite.js'
import { openSqlite } from './open-sqlite.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-look-'))
  path = join(folder, 'x.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function change(statement: ReturnType<typeof sql>): Promise<void> {
  const { db, close } = openSqlite(path)
  await statement.execute(db)
  await close()
}

async function look() {
  const { isNew, pending, unknown, close } = await inspectSqlite(path)
  await close()
  return { isNew, pending, unknown }
}

test("a database that is up to date, and isn't changed by a single byte", async () => {
  const { db, close } = openSqlite(path)
  await migrate(db)
  await close()
  const before = readFileSync(path)
  expect(await look()).toEqual({ isNew: false, pending: [], unknown: [] })
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['x.db'])
})

test('a database without tables is new', async () => {
  await change(sql`pragma user_version = 1`)
  expect(await look()).toEqual({ isNew: true, pending: migrationNames, unknown: [] })
})

test('migrations that are pending, and those of a newer version', async () => {
  const { db, close } = openSqlite(path)
  await migrate(db)
  await close()
  await change(sql`delete from kysely_migration where name = '0005-refusals-and-audit'`)
  await change(sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`)
  expect(await look()).toEqual({ isNew: false, pending: ['0005-refusals-and-audit'], unknown: ['9999-later'] })
})
