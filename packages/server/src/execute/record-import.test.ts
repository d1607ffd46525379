import { describe, expect, test } from 'vitest'
import { changesOfImport } from './record-import.js'

const change = (account_id: string, record: string, fields: readonly string[] = []) => ({ account_id, record, fields })
const entriesOf = (...changed: ReturnType<typeof change>[]) =>
  changesOfImport({ changed, made: [], kept: [], ended: [], locked_out: [] })

describe('the audit entries of an import', () => {
  test("don't exist if nothing changed", () => {
    expect(entriesOf()).toEqual([])
  })

  test('name what was added and changed, grouped by account and in a fixed order', () => {
    const entries = entriesOf(
      change('b', 'card 1', ['status']),
      change('a', 'card 2'),
      change('c', 'card 3'),
      change('b', 'card 4'),
    )
    expect(entries.map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c'])
    expect(entries[1]).toMatchObject({
      operation: { id: 'fixture.import' },
      targetId: 'b',
      input: { added: ['card 4'], changed: [{ record: 'card 1', fields: ['status'] }] },
    })
  })

  test('name 500 records each', () => {
    const records = (count: number) => Array.from({ length: count }, (_, index) => change('a', `card ${index}`))
    expect(entriesOf(...records(500))).toHaveLength(1)
    expect(entriesOf(...records(501)).map(({ input }) => (input.added as unknown[]).length)).toEqual([500, 1])
  })
})
