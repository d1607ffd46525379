import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Clock } from '../../clock.js'
import { StartError } from '../../errors.js'
import { placeNewFile, privateMode, replaceFile } from '../place-file.js'

const pagesAtOnce = 1_000
const draftNameBytes = 8

/** Hears how many pages of how many have been copied. */
export type Report = (done: number, total: number) => void

/** Creates an empty file beside another, to be moved there once it is complete. Its name is random, so no other process has it. */
export function makeDraft(path: string, { random }: Pick<Clock, 'random'>): string {
  const draft = `${path}.${random(draftNameBytes).toString('hex')}.part`
  try {
    closeSync(openSync(draft, 'wx', privateMode))
    return draft
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(`${path} cannot be written: ${why}`, { cause })
  }
}

/** Takes a closed database away, with whatever SQLite left beside it. */
export function removeSqlite(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true })
}

/** Copies a SQLite database into an empty file while others use it: one moment of it, whole. */
export async function copySqlite(from: string, to: string, report: Report): Promise<void> {
  const source = new Sqlite(from, { fileMustExist: true })
  try {
    // holds on to one moment, so that what others write meanwhile does not begin the copy anew
    source.exec('BEGIN')
    source.prepare('select count(*) from sqlite_master').get()
    const { totalPages } = await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        report(totalPages - remainingPages, totalPages)
        return pagesAtOnce
      },
    })
    report(totalPages, totalPages)
    source.exec('COMMIT')
  } finally {
    source.close()
  }
}

/** Makes one file of a closed database, so that it can be moved; notes settings in it, or strikes them out. */
export function sealCopy(path: string, settings: Readonly<Record<string, string | undefined>>): void {
  const copy = new Sqlite(path, { fileMustExist: true })
  try {
    copy.pragma('journal_mode = DELETE')
    const note = copy.prepare(
      'insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    )
    const strike = copy.prepare('delete from settings where name = ?')
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) strike.run(name)
      else note.run(name, value)
    }
  } finally {
    copy.close()
  }
}

/** What is wrong with a database file; undefined when nothing is. */
export function findDamage(path: string): string | undefined {
  try {
    const sqlite = new Sqlite(path, { fileMustExist: true, readonly: true })
    try {
      const found = sqlite.pragma('quick_check(1)', { simple: true })
      return found === 'ok' ? undefined : String(found)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Puts a closed database in the place of another, which is whole until then and gone after it, whenever the machine fails. */
export function replaceSqlite(from: string, to: string): void {
  emptyLog(to)
  // a log of the old database would be read into the new one
  for (const ending of ['-wal', '-shm']) rmSync(to + ending, { force: true })
  replaceFile(from, to)
}

/** Gives a closed database its name, unless a file has it already: then it returns false and changes nothing. */
export function placeNewSqlite(from: string, to: string): boolean {
  for (const ending of ['-wal', '-shm']) {
    // one without its database would be read into the new one; SQLite makes a database before its log
    if (existsSync(to + ending) && !existsSync(to)) rmSync(to + ending, { force: true })
  }
  return placeNewFile(from, to)
}

/** Brings the last commits of a database, which may stand in its log alone, into the file itself. */
function emptyLog(path: string): void {
  if (!existsSync(path)) return
  try {
    const sqlite = new Sqlite(path)
    try {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      sqlite.close()
    }
  } catch {
    // a damaged one has nothing to lose, and may be what the backup is for
  }
}
