import { createHmac, timingSafeEqual } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import type { DerivedKeys } from './derive-keys.js'

const masterKeyBytes = 32

/** Reads a master key as written in `HALLPASS_MASTER_KEY` or a key file: 32 bytes, base64url. */
export function parseMasterKey(written: string, where: string): Buffer {
  const text = written.trim()
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== masterKeyBytes || bytes.toString('base64url') !== text.replace(/=$/, '')) {
    throw new StartError(`the master key in ${where} is not ${masterKeyBytes} bytes in base64url`)
  }
  return bytes
}

/** The key file beside a database. */
export const keyFileOf = (databasePath: string): string => `${databasePath}.key`

/** Reads the key file; undefined when there is none. */
export function readKeyFile(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined
  return parseMasterKey(readFileSync(path, 'utf8'), path)
}

export const newMasterKey = (clock: Pick<Clock, 'random'>): Buffer => clock.random(masterKeyBytes)

/** Makes a master key and writes it, mode 0600, whole or not at all. */
export function writeKeyFile(path: string, clock: Clock): Buffer {
  const key = newMasterKey(clock)
  const draft = `${path}.${process.pid}.tmp`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${key.toString('base64url')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  return key
}

/** What the database keeps to recognise its master key. */
export function masterKeyCheck(keys: DerivedKeys): string {
  return createHmac('sha256', keys.check).update('hallpass master key').digest('base64url')
}

/** Whether the database was made with this master key. */
export function isMasterKeyOf(check: string, keys: DerivedKeys): boolean {
  const ours = Buffer.from(masterKeyCheck(keys))
  const theirs = Buffer.from(check)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
