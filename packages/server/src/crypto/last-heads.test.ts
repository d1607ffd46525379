import { expect, test } from 'vitest'
import type { SealedHead } from '../store/queries/audit-chain.js'
import { rememberHeads } from './last-heads.js'

const headOf = (chain: string, seq = 1): SealedHead => ({
  ...{ chain, account_id: chain, seq, link: '', removed_seq: 0, removed_link: '', broken_at: null },
  ...{ key_id: 'a', mac: '' },
})

test('a head is remembered until the current key is another one', () => {
  let current = 'a'
  const heads = rememberHeads(() => current)
  heads.set('one', headOf('one'))
  heads.set('one', headOf('one', 2))
  expect(heads.get('one')).toEqual(headOf('one', 2))
  current = 'b'
  expect(heads.get('one')).toBeUndefined()
})

test('a thousand heads are remembered, and the one that was sealed first is forgotten', () => {
  const heads = rememberHeads(() => 'a')
  for (let n = 0; n < 1_000; n++) heads.set(`${n}`, headOf(`${n}`))
  heads.set('0', headOf('0', 2))
  heads.set('new', headOf('new'))
  expect([heads.get('0'), heads.get('1'), heads.get('new')]).toEqual([headOf('0', 2), undefined, headOf('new')])
})
