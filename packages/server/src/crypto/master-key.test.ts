import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { StartError } from '../errors.js'
import { keyFileOf, parseMasterKey, readKeyFile, writeKeyFile } from './master-key.js'

const bytes = Buffer.from('kq3vVYxw0e8gS1Bz6mJtR9hDcLnA2uPfXoIyWbE4ZQc', 'base64url')
const written = bytes.toString('base64url')
const refusal = 'The master key in HALLPASS_MASTER_KEY is not 32 bytes in base64url.'

describe('parseMasterKey', () => {
  test.each([written, `${written}\n`, ` ${written} `, `${written}=`])('accepts 32 bytes in base64url: %j', (text) => {
    expect(parseMasterKey(text, 'HALLPASS_MASTER_KEY')).toEqual(bytes)
  })

  test.each([
    ['nothing', ''],
    ['31 bytes', Buffer.alloc(31).toString('base64url')],
    ['33 bytes', Buffer.alloc(33).toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['plain base64', Buffer.alloc(32, 0xfb).toString('base64')],
    ['a second spelling of the last letter', `${written.slice(0, -1)}d`],
    ['an invalid letter', `${written.slice(0, -1)}*`],
    ['a space within', `${written.slice(0, 20)} ${written.slice(20)}`],
  ])("rejects %s with one line that doesn't repeat the key", (_, text) => {
    expect(() => parseMasterKey(text, 'HALLPASS_MASTER_KEY')).toThrow(new StartError(refusal))
  })
})

describe('a master key that is not random', () => {
  test.each<[string, Buffer]>([
    ['one byte, repeated', Buffer.alloc(32, 7)],
    ['seven different bytes', Buffer.from(Array.from({ length: 32 }, (_, index) => (index * index) % 7))],
    ['bytes that ascend', Buffer.from(Array.from({ length: 32 }, (_, index) => index + 65))],
    ['bytes that descend, past 0', Buffer.from(Array.from({ length: 32 }, (_, index) => 300 - 5 * index))],
    ['16 bytes, twice', Buffer.from('correct horse ba'.repeat(2))],
  ])('is rejected with one line that says how to make one: %s', (_, key) => {
    expect(() => parseMasterKey(key.toString('base64url'), 'HALLPASS_MASTER_KEY')).toThrow(
      new StartError(
        `The master key in HALLPASS_MASTER_KEY is not random. Make one with node -p "crypto.randomBytes(32).toString('base64url')".`,
      ),
    )
  })

  test('with eight different bytes is accepted', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * index + (index >> 3)) % 8))
    expect(new Set(key).size).toBe(8)
    expect(parseMasterKey(key.toString('base64url'), 'HALLPASS_MASTER_KEY')).toEqual(key)
  })

  test('never comes from a random generator', () => {
    for (let round = 0; round < 1_000; round++) {
      const key = systemClock.random(32)
      expect(parseMasterKey(key.toString('base64url'), 'HALLPASS_MASTER_KEY')).toEqual(key)
    }
  })
})

describe('the key file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is next to the database', () => {
    expect(keyFileOf('/data/hallpass.db')).toBe('/data/hallpass.db.key')
  })

  test('is written whole, for its owner only, and leaves no other file', () => {
    const path = join(folder, 'hallpass.db.key')
    const key = writeKeyFile(path, systemClock)
    expect(readKeyFile(path)).toEqual(key)
    expect(readFileSync(path, 'utf8')).toBe(`${key.toString('base64url')}\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['hallpass.db.key'])
  })

  test('that cannot be written leaves nothing behind', () => {
    const path = join(folder, 'hallpass.db.key')
    mkdirSync(join(path, 'in the way'), { recursive: true })
    expect(() => writeKeyFile(path, systemClock)).toThrow()
    expect(readdirSync(folder)).toEqual(['hallpass.db.key'])
  })

  test('that another process wrote first is kept, and its key is used', () => {
    const path = join(folder, 'hallpass.db.key')
    const first = writeKeyFile(path, systemClock)
    expect(writeKeyFile(path, systemClock)).toEqual(first)
    expect(readFileSync(path, 'utf8')).toBe(`${first.toString('base64url')}\n`)
    expect(readdirSync(folder)).toEqual(['hallpass.db.key'])
  })

  test('is rejected by its path if its name is a dangling link', () => {
    const path = join(folder, 'hallpass.db.key')
    symlinkSync(join(folder, 'nowhere'), path)
    expect(() => writeKeyFile(path, systemClock)).toThrow(
      new StartError(`The master key file ${path} can be neither created nor read. Remove whatever has that name.`),
    )
    expect(readdirSync(folder)).toEqual(['hallpass.db.key'])
  })

  test("is undefined if it doesn't exist", () => {
    expect(readKeyFile(join(folder, 'none.key'))).toBeUndefined()
  })

  test.each([
    ['empty', ''],
    ['cut', written.slice(0, 30)],
    ['of zeros', '\0'.repeat(44)],
  ])('that is %s is rejected by its path, without its content', (_, content) => {
    const path = join(folder, 'damaged.key')
    writeFileSync(path, content)
    expect(() => readKeyFile(path)).toThrow(new StartError(`The master key in ${path} is not 32 bytes in base64url.`))
  })
})
