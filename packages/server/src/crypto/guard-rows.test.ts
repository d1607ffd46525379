import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { GuardedRow, RowGuard } from '../store/row-guard.js'
import { fixedRing } from '../testing/fixed-keys.js'
import { deriveSealingKeys } from './derive-keys.js'
import { codeOf, findChangedRows, guardRows, renewCodes } from './guard-rows.js'
import { newRing, ringOfOneKey, rotated } from './ring-state.js'

// a ring of fixed keys makes no lookups
const settings = {} as Parameters<RowGuard['isGenuine']>[1]
const row = (mac: string | null, content = 'content', id = 'key-1'): GuardedRow => ({
  table: 'api_keys',
  id,
  mac,
  content,
})

describe('a row of a key', () => {
  const ring = fixedRing(Buffer.alloc(32, 1), [2, 1, 0])
  const code = codeOf(ring.active(), 'content')

  test.each([
    ['its MAC', row(code), true],
    ['the MAC of an older data key that is known', row(codeOf(ring.byId(1) ?? ring.active(), 'content')), true],
    ['no MAC', row(null), false],
    ['an empty MAC', row(''), false],
    ['different content', row(code, 'changed'), false],
    ['a different MAC of the same length', row(codeOf(ring.active(), 'changed')), false],
    ['a shorter MAC', row(code.slice(0, -1)), false],
    ["another data key's id on its MAC", row(`1${code.slice(1)}`), false],
    ["an unknown data key's id on its MAC", row(`3${code.slice(1)}`), false],
  ])('with %s', async (_, one, expected) => {
    expect(await guardRows(ring, () => {}).isGenuine(one, settings)).toBe(expected)
  })

  test('that was changed is reported once', async () => {
    const reported: string[] = []
    const guard = guardRows(ring, ({ table, id }) => reported.push(`${table} ${id}`))
    for (const id of ['key-1', 'key-2', 'key-1', 'key-2']) await guard.isGenuine(row(null, 'content', id), settings)
    expect(reported).toEqual(['api_keys key-1', 'api_keys key-2'])
  })

  test('needs and gets no MAC before rows are protected', async () => {
    const guard = guardRows({ ...ring, protectsRows: () => false }, () => {})
    expect(await guard.isGenuine(row(null), settings)).toBe(true)
    expect((await guard.sealIn(settings))('content')).toBeNull()
    expect((await guardRows(ring).sealIn(settings))('content')).toBe(code)
  })
})

describe('the rows of a database under a new data key', () => {
  const first = newRing(() => randomBytes(32), 0)
  const state = rotated(first, randomBytes(32), 0, false)
  const [newest, old] = state.keys.map(deriveSealingKeys)
  if (!newest || !old) throw new Error('there are two data keys')
  const right = [row(codeOf(newest, 'content'), 'content', 'new'), row(codeOf(old, 'content'), 'content', 'old')]
  const wrong = [row(null, 'content', 'none'), row(codeOf(old, 'other'), 'content', 'changed')]

  test('that were changed are found, and get no new MAC', () => {
    expect(findChangedRows([...right, ...wrong], state).map(({ id }) => id)).toEqual(['none', 'changed'])
    expect(renewCodes([...right, ...wrong], state, newest)).toEqual(
      ['new', 'old'].map((id) => ({ table: 'api_keys', id, mac: codeOf(newest, 'content') })),
    )
  })

  test('all get a MAC if rows were not protected before', () => {
    const before = ringOfOneKey(randomBytes(32))
    expect(findChangedRows(wrong, before)).toEqual([])
    expect(renewCodes(wrong, before, newest).map(({ id }) => id)).toEqual(['none', 'changed'])
  })
})
