import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import type { Clock } from '../../clock.js'
import { StartError } from '../../errors.js'
import { placeNewFile, privateMode, replaceFile } from '../place-file.js'
import { openSqliteFile } from './open-file.js'

const pagesAtOnce = 1_000
const draftNameBytes = 8

/** Called with the number of copied pages and the total. */
export type Report = (done: number, total: number) => void

/**
 * Creates an empty file next to another, which replaces it once it is complete. Its name is random, so no other process
 * has it.
 */
export function makeDraft(path: string, { random }: Pick<Clock, 'random'>): string {
  const draft = `${path}.${random(draftNameBytes).toString('hex')}.part`
  try {
    closeSync(openSync(draft, 'wx', privateMode))
    return draft
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(`${path} cannot be written: ${why}.`, { cause })
  }
}

/** Deletes a closed database, with the files that SQLite left next to it. */
export function removeSqlite(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true })
}

/** Copies a SQLite database into an empty file while others use it. The copy is complete and from one moment. */
export async function copySqlite(from: string, to: string, report: Report): Promise<void> {
  const source = openSqliteFile(from, { mustExist: true })
  try {
    // keeps one read transaction open, so that writes of others don't restart the copy
    source.exec('begin; select count(*) from sqlite_master')
    await source.copyTo(to, pagesAtOnce, report)
    source.exec('commit')
  } finally {
    source.close()
  }
}

/** Turns a closed database into a single file, so that it can be moved. Sets or deletes settings in it. */
export function sealCopy(path: string, settings: Readonly<Record<string, string | undefined>>): void {
  const copy = openSqliteFile(path, { mustExist: true })
  try {
    copy.exec('pragma journal_mode = DELETE')
    const note = copy.prepare(
      'insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    )
    const strike = copy.prepare('delete from settings where name = ?')
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) strike.run([name])
      else note.run([name, value])
    }
  } finally {
    copy.close()
  }
}

/** What is wrong with a database file. Undefined if nothing is. */
export function findDamage(path: string): string | undefined {
  try {
    const sqlite = openSqliteFile(path, { readOnly: true })
    try {
      const [row] = sqlite.prepare('pragma quick_check(1)').all()
      const [found] = Object.values(row ?? {})
      return found === 'ok' ? undefined : String(found)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Replaces a database with another closed one. Even if the machine fails, either the old or the new one is complete.
 */
export function replaceSqlite(from: string, to: string): void {
  emptyLog(to)
  // the log of the old database would be read into the new one
  for (const ending of ['-wal', '-shm']) rmSync(to + ending, { force: true })
  replaceFile(from, to)
}

/** Renames a closed database, unless a file has that name already. Then it returns false and changes nothing. */
export function placeNewSqlite(from: string, to: string): boolean {
  for (const ending of ['-wal', '-shm']) {
    // a log without its database would be read into the new one; SQLite creates a database before its log
    if (existsSync(to + ending) && !existsSync(to)) rmSync(to + ending, { force: true })
  }
  return placeNewFile(from, to)
}

/** Moves the last commits of a database, which may be in its log only, into the file itself. */
function emptyLog(path: string): void {
  if (!existsSync(path)) return
  try {
    const sqlite = openSqliteFile(path)
    try {
      sqlite.exec('pragma wal_checkpoint(TRUNCATE)')
    } finally {
      sqlite.close()
    }
  } catch {
    // a damaged database has nothing to lose, and may be the reason for the restore
  }
}
