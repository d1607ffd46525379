import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteFile } from './open-file.js'
import { createReadTurns } from './read-turn.js'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-read-turn-'))
  const path = join(folder, 'x.db')
  const [own, other] = [openSqliteFile(path), openSqliteFile(path)]
  onTestFinished(() => {
    own.close()
    other.close()
    rmSync(folder, { recursive: true })
  })
  own.exec('pragma journal_mode = WAL; create table x (a); insert into x values (1)')
  return { own, other, turns: createReadTurns(own) }
}

test('a read is repeated in the next turn, which sees what another process has committed', async () => {
  const { own, other, turns } = open()
  const statement = own.prepare('select count(*) as rows from x')
  let reads = 0
  const count = turns.onceATurn(() => {
    reads++
    // the one row of this statement
    return (statement.all() as { rows: number }[])[0]?.rows
  })
  expect([count(), count()]).toEqual([1, 1])
  other.exec('insert into x values (2)')
  expect([count(), reads]).toEqual([1, 1])
  await nextTurn()
  expect([count(), count(), reads]).toEqual([2, 2, 2])
})

test('a read after the lock was taken for writing is not remembered', () => {
  const { own, turns } = open()
  const statement = own.prepare('select count(*) as rows from x')
  const count = turns.onceATurn(() => (statement.all() as { rows: number }[])[0]?.rows)
  expect(count()).toBe(1)
  turns.end()
  own.exec('begin immediate; insert into x values (2)')
  expect(count()).toBe(2)
  own.exec('commit')
})
