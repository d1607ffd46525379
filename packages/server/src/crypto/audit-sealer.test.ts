import { describe, expect, test } from 'vitest'
import { type AuditKeys, createAuditSealer } from './audit-sealer.js'

const keyOf = (id: string) => Buffer.alloc(32, id)
const sealerOf = (current: string, known: readonly string[]) => {
  const keys: AuditKeys = {
    current: () => ({ id: current, key: keyOf(current) }),
    find: (id) => (known.includes(id) ? keyOf(id) : undefined),
    refresh: async () => {},
  }
  return createAuditSealer(keys)
}
const sealer = sealerOf('b', ['a', 'b'])
const content = {
  id: 'entry-1',
  account_id: 'account-1',
  at: 1,
  operation: 'admin.cards.upsert',
  request_id: 'r',
  api_key_id: 'k',
  api_key_account_id: 'account-1',
  target_id: 't',
  changes: '{}',
  expires_at: 2,
  seq: 1,
}
const { link, ...mac } = sealer.sealEntry('before', content)
const entry = { ...content, ...mac }
const checkedOf = (changes: object, by = sealer) => by.checkEntry('before', { ...entry, ...changes }).checked

describe('the MAC of an audit entry', () => {
  test('is valid for the same content after the same entry, under any known key', () => {
    expect(sealer.checkEntry('before', entry)).toEqual({ checked: 'right', link })
    expect(checkedOf({}, sealerOf('c', ['b', 'c']))).toBe('right')
    expect(sealer.checkEntry('another before', entry).checked).toBe('wrong')
  })

  test.each([
    ['different content', { changes: '{"a":1}' }],
    ['another key id', { key_id: 'a' }],
    ['no key id', { key_id: null }],
    ['no MAC', { mac: null }],
    ['neither', { key_id: null, mac: null }],
    ['a shorter MAC', { mac: mac.mac.slice(1) }],
    ['a different MAC', { mac: sealer.sealEntry('before', { ...content, changes: '' }).mac }],
  ])('is invalid with %s', (_, changes) => {
    expect(checkedOf(changes)).toBe('wrong')
  })

  test("can't be checked once its key was deleted", () => {
    expect(checkedOf({}, sealerOf('c', ['c']))).toBe('forgotten')
  })
})

describe('the number of chains', () => {
  const sealed = sealer.sealCensus({ chains: 3, unchained: 4 })

  test('is read back as sealed', () => {
    expect(sealer.openCensus(sealed)).toEqual({ chains: 3, unchained: 4 })
  })

  test.each([
    ['with a different number', sealed.replace('3 4', '2 4')],
    ['without a MAC', '3 4'],
    ['under a key that was deleted', sealerOf('c', ['c']).sealCensus({ chains: 3, unchained: 4 })],
    ['empty', ''],
  ])('is rejected %s', (_, text) => {
    expect(sealer.openCensus(text)).toBeUndefined()
  })
})
