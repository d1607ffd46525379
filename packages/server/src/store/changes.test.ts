import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followChanges } from './changes.js'

const accounts = ['one', 'two', 'three', 'four', 'five'] as const

test('rows are current exactly until their account or everything changes', () => {
  const change = fc.option(fc.constantFrom(...accounts), { nil: undefined })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.nat({ max: 40 }), (all, readAfter) => {
      const changes = followChanges({ maxAccounts: accounts.length })
      const [before, after] = [all.slice(0, readAfter), all.slice(readAfter)]
      for (const one of before) changes.note(one)
      const at = changes.count()
      for (const one of after) changes.note(one)
      for (const account of accounts) {
        const hasChanged = after.includes(undefined) || after.includes(account)
        expect(changes.isCurrent(at, account)).toBe(!hasChanged)
      }
      // what wasn't found may belong to any account
      expect(changes.isCurrent(at)).toBe(after.length === 0)
    }),
  )
})

test('with more accounts than it follows, everything counts as changed', () => {
  const changes = followChanges({ maxAccounts: 2 })
  const at = changes.count()
  for (const account of ['one', 'two', 'one']) changes.note(account)
  expect(changes.isCurrent(at, 'four')).toBe(true)
  changes.note('three')
  expect(changes.isCurrent(at, 'four')).toBe(false)
  expect(changes.isCurrent(changes.count(), 'four')).toBe(true)
})
