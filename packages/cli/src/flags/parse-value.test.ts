import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Field } from '../manifest/fields.js'
import { parseItems, parseValue } from './parse-value.js'

const field = (type: Field['type']): Field => ({
  type,
  path: ['some_field'],
  flag: 'some-field',
  place: 'Body',
  required: false,
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('files', () => {
  const read = (bytes: Buffer) => {
    const path = join(folder, 'text')
    writeFileSync(path, bytes)
    return parseValue(field('string'), `@${path}`)
  }

  test('a byte order mark is skipped', async () => {
    expect(await read(Buffer.from('\ufeff{"a":1}\n'))).toBe('{"a":1}')
  })

  test('text that is not UTF-8 is rejected with the flag, the file and the offset', async () => {
    await expect(read(Buffer.from('J\xf6rg', 'latin1'))).rejects.toThrow(
      /^--some-field: The file ".*text" is not valid UTF-8 at byte 1 /,
    )
  })
})

describe('parseValue', () => {
  test.each(['123', 'true', 'null', '{a: b}', '', ' x ', '~', '2020-01-01'])('text %j stays text', async (text) => {
    expect(await parseValue(field('string'), text)).toBe(text)
  })

  test.each(['date-time', 'uri'])('null removes a value with the format %s', async (format) => {
    expect(await parseValue({ ...field('string'), format }, 'null')).toBe(null)
  })

  test.each([
    ['integer', 'null', null],
    ['integer', '50', 50],
    ['integer', '-1', -1],
    ['number', '1.5e3', 1500],
    ['integer', 'soon', 'soon'],
    ['integer', '', ''],
    ['integer', '0x10', '0x10'],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', 'yes', 'yes'],
  ] as const)('%s %j is %j', async (type, text, value) => {
    expect(await parseValue(field(type), text)).toBe(value)
  })

  test('an object parses the same from JSON, YAML flow and YAML block', async () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }).filter(isOrdinary))
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        expect(await parseValue(field('object'), escapeAt(JSON.stringify(value)))).toEqual(value)
        expect(await parseValue(field('object'), escapeAt(stringify(value, { collectionStyle: 'flow' })))).toEqual(
          value,
        )
        expect(await parseValue(field('object'), escapeAt(stringify(value)))).toEqual(value)
      }),
    )
  })

  test('@file is the text of the file without its last line break, and \\@ is @', async () => {
    const path = join(folder, 'token')
    writeFileSync(path, 'line one\nline two\n')
    expect(await parseValue(field('string'), `@${path}`)).toBe('line one\nline two')
    expect(await parseValue(field('string'), `\\@${path}`)).toBe(`@${path}`)
    expect(await parseValue(field('string'), 'ada@shop.test')).toBe('ada@shop.test')
  })

  test('any text can be escaped', async () => {
    const text = fc.string({ unit: fc.constantFrom('\\', '@', 'a'), maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await parseValue(field('string'), escapeAt(value))).toBe(value)
      }),
    )
  })

  test('an object can come from a file', async () => {
    const path = join(folder, 'config.yaml')
    writeFileSync(path, 'processing_method: skip\n')
    expect(await parseValue(field('object'), `@${path}`)).toEqual({ processing_method: 'skip' })
  })

  test('data inside an object opens no file', async () => {
    expect(await parseValue(field('object'), '{"name":"@/etc/hostname"}')).toEqual({ name: '@/etc/hostname' })
  })

  test('the error for an unreadable file names the file', async () => {
    await expect(parseValue(field('string'), `@${folder}/none`)).rejects.toThrow(
      `--some-field: Cannot read the file "${folder}/none" (ENOENT). If the value starts with @, write \\@ instead.`,
    )
  })

  test('an alias bomb is rejected', async () => {
    const level = (name: string, of: string) => `${name}: &${name} [${`*${of}, `.repeat(9)}*${of}]`
    const bomb = `a: &a [x]\n${[...'bcdefghi'].map((name, i) => level(name, 'abcdefgh'[i] ?? '')).join('\n')}`
    await expect(parseValue(field('object'), bomb)).rejects.toThrow('--some-field is neither JSON nor YAML')
  })
})

describe('parseItems', () => {
  test('items and lists can be mixed', async () => {
    expect(await parseItems(field('array'), ['*', '["a", b]', 'c'])).toEqual(['*', 'a', 'b', 'c'])
  })
})

/** JSON has no -0. */
function isOrdinary(value: unknown): boolean {
  return !JSON.stringify(value, (_, member) => (Object.is(member, -0) ? 'minus zero' : member)).includes('minus zero')
}

const escapeAt = (text: string) => text.replace(/^\\*@/, '\\$&')

test('null ends a time, and stays text everywhere else', async () => {
  const time: Field = { ...field('string'), format: 'date-time' }
  expect(await parseValue(time, 'null')).toBeNull()
  expect(await parseValue(time, '2026-11-30T12:00:00Z')).toBe('2026-11-30T12:00:00Z')
  expect(await parseValue(field('string'), 'null')).toBe('null')
})
