import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOutput } from './open-output.js'

test('stdout gets the next piece only after its reader has written the previous one', async () => {
  const written: string[] = []
  let read = () => {}
  const stdout = {
    isTTY: false,
    write(text: string, onRoom = () => {}) {
      written.push(text)
      read = onRoom
    },
  }
  const output = await openOutput({ stdout }, undefined)
  const filled = output.fill(async (write) => {
    for (const piece of ['a', 'b']) await write(piece)
  })
  await new Promise(setImmediate)
  expect(written).toEqual(['a'])
  read()
  await new Promise(setImmediate)
  expect(written).toEqual(['a', 'b'])
  read()
  await filled
})

describe('a file', () => {
  let folder: string
  const stdout = { isTTY: false, write: () => {} }
  const path = () => join(folder, 'out.json')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-output-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('gets its name only when it is complete, so a crash leaves no partial file', async () => {
    const output = await openOutput({ stdout }, path())
    await output.fill(async (write) => {
      await write('half')
      expect(readdirSync(folder)).not.toContain('out.json')
      await write(' and half')
    })
    expect(readdirSync(folder)).toEqual(['out.json'])
    expect(readFileSync(path(), 'utf8')).toBe('half and half')
  })

  test('created in the meantime is not overwritten', async () => {
    const output = await openOutput({ stdout }, path())
    const filling = output.fill(async (write) => {
      await write('ours')
      writeFileSync(path(), 'theirs')
    })
    await expect(filling).rejects.toThrow('already exists.')
    expect(readFileSync(path(), 'utf8')).toBe('theirs')
    expect(readdirSync(folder)).toEqual(['out.json'])
  })

  test('is not created if writing fails halfway', async () => {
    const output = await openOutput({ stdout }, path())
    await expect(
      output.fill(async () => {
        throw new Error('the database is gone')
      }),
    ).rejects.toThrow('the database is gone')
    expect(readdirSync(folder)).toEqual([])
  })
})
