import { hkdfSync } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { decodeText, InvalidText } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { StartError } from '../errors.js'
import { placeNewFile, privateMode } from '../store/place-file.js'

const masterKeyBytes = 32

/** Reads a master key as written in `HALLPASS_MASTER_KEY` or in a key file: 32 bytes in base64url. */
export function parseMasterKey(written: string, where: string): Buffer {
  const text = written.trim()
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== masterKeyBytes || bytes.toString('base64url') !== text.replace(/=$/, '')) {
    throw new StartError(`The master key in ${where} is not ${masterKeyBytes} bytes in base64url.`)
  }
  if (isEvidentlyMadeUp(bytes)) {
    throw new StartError(`The master key in ${where} is not random. Make one with ${makeCommand}.`)
  }
  return bytes
}

const makeCommand = `node -p "crypto.randomBytes(${masterKeyBytes}).toString('base64url')"`
/** 32 random bytes have fewer distinct values once in 10^40 times. */
const leastDistinctBytes = 8

/** Repeated bytes, a repeated block, or a sequence with a constant step: a random generator never returns these. */
function isEvidentlyMadeUp(bytes: Buffer): boolean {
  const half = bytes.length / 2
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0)))
  return (
    new Set(bytes).size < leastDistinctBytes || steps.size === 1 || bytes.subarray(0, half).equals(bytes.subarray(half))
  )
}

/** The key file next to a database. */
export const keyFileOf = (databasePath: string): string => `${databasePath}.key`

/** Reads the key file. Undefined if it doesn't exist. */
export function readKeyFile(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined
  return parseMasterKey(readKeyText(path), path)
}

function readKeyText(path: string): string {
  try {
    return decodeText(readFileSync(path))
  } catch (cause) {
    if (cause instanceof InvalidText) throw new StartError(`The master key file ${path} ${cause.message}.`)
    throw new StartError(`The master key file ${path} cannot be read. It must be a file that this user may read.`, {
      cause,
    })
  }
}

/** A new master key, or data key. */
export const newKey = (clock: Pick<Clock, 'random'>): Buffer => clock.random(masterKeyBytes)

/**
 * Makes a master key and writes it with mode 0600, whole or not at all. Returns the key that the file then holds:
 * another process may have written its own first, and a key file is never overwritten.
 */
export function writeKeyFile(path: string, clock: Pick<Clock, 'random'>): Buffer {
  const key = newKey(clock)
  const draft = `${path}.${clock.random(8).toString('hex')}.tmp`
  try {
    writeFileSync(draft, `${key.toString('base64url')}\n`, { flag: 'wx', mode: privateMode })
    if (placeNewFile(draft, path)) return key
  } finally {
    rmSync(draft, { force: true })
  }
  const winner = readKeyFile(path)
  if (winner) return winner
  throw new StartError(`The master key file ${path} can be neither created nor read. Remove whatever has that name.`)
}

/** Identifies a master key without revealing anything about it. */
export const fingerprintOf = (masterKey: Buffer): string =>
  Buffer.from(hkdfSync('sha256', masterKey, '', 'hallpass/v1/master-key-fingerprint', 8))
    .toString('hex')
    .replace(/(?<=^(?:.{4})+)(?=.)/g, '-')
