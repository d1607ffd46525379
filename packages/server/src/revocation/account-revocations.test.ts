import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../ids.js'
import type { RevocationSource } from '../store/queries/revocations.js'
import {
  type AccountRevocations,
  addRevocation,
  collapse,
  createAccountRevocations,
  prune,
  removeUnseenClientKeys,
  sizeOf,
} from './account-revocations.js'

const now = Date.parse('2026-11-21T08:00:00.000Z')
const minute = 60_000
const sessionLifetime = 17 * minute
const bridgeLifetime = 242 * minute
const declaredLifetime = 1442 * minute
/** An id made at a time. */
const idOf = (time: number) => newId({ now: () => time, random: (size) => Buffer.alloc(size) })

let account: AccountRevocations
beforeEach(() => {
  account = createAccountRevocations('acme')
})

const add = (source: RevocationSource, at: number, key: readonly string[], reading = 1) =>
  addRevocation(account, source, { account_id: 'acme', at, key }, reading)
const addCutoff = (scope: string, notBefore: number, subject = 'one') => add('cut_offs', notBefore, [scope, subject])
/** A session and a bridge token that began at a time, and a client key disabled at that time. */
const addEach = (time: number) => {
  add('sessions', now, [idOf(time)])
  add('tokens', now, [idOf(time)])
  add('client_keys', time, [`key ${time}`])
}
const counts = ({ revoked, cutoffs } = account) => ({
  token: revoked.token.size,
  session: revoked.session.size,
  client_key: revoked.client_key.size,
  account: cutoffs.account.size,
  user: cutoffs.user.size,
})
const none = { token: 0, session: 0, client_key: 0, account: 0, user: 0 }
const revisionAfter = (change: () => void) => {
  const before = account.revision
  change()
  return account.revision - before
}

describe('the revocations of an account', () => {
  test('name each thing once, by its kind', () => {
    expect(sizeOf(account)).toBe(0)
    addEach(now)
    addCutoff('user', now)
    addCutoff('account', now - 1)
    expect(counts()).toEqual({ token: 1, session: 1, client_key: 1, account: 1, user: 1 })
    expect(sizeOf(account)).toBe(3 * 16 + 2 * 34)
    const again = () => {
      addEach(now)
      addCutoff('user', now)
      addCutoff('account', now - 1)
    }
    expect(revisionAfter(again)).toBe(0)
  })

  test('move an earlier cutoff of the same subject', () => {
    addCutoff('user', now)
    expect(revisionAfter(() => addCutoff('user', now + 1))).toBe(1)
    expect([...account.cutoffs.user.values()]).toEqual([now + 1])
  })

  test('leave out a scope that no offline verifier uses', () => {
    expect(revisionAfter(() => addCutoff('card', now))).toBe(0)
    expect(sizeOf(account)).toBe(0)
  })

  test('with a cutoff of the account, only what began later keeps its name', () => {
    for (const time of [now - 1, now, now + 1]) {
      addEach(time)
      addCutoff('user', time, `user ${time}`)
    }
    expect(revisionAfter(() => addCutoff('account', now))).toBe(1)
    expect(counts()).toEqual({ token: 1, session: 1, client_key: 1, account: 1, user: 1 })
  })

  test('after a cutoff of the account, only what began later is added', () => {
    addCutoff('account', now)
    const covered = () => {
      addEach(now)
      addCutoff('user', now)
      addCutoff('account', now - 1)
    }
    expect(revisionAfter(covered)).toBe(0)
    addEach(now + 1)
    addCutoff('user', now + 1)
    expect(counts()).toEqual({ token: 1, session: 1, client_key: 1, account: 1, user: 1 })
    addCutoff('account', now + 1)
    expect([...account.cutoffs.account.values()]).toEqual([now + 1])
  })

  test('collapse into one cutoff at the latest start', () => {
    addEach(now - 1)
    addCutoff('user', now - 2)
    collapse(account)
    expect(counts()).toEqual({ ...none, account: 1 })
    expect(account.endedUpTo).toBe(now - 1)
    addCutoff('user', now + 5)
    collapse(account)
    expect(counts()).toEqual({ ...none, account: 1 })
    expect(account.endedUpTo).toBe(now + 5)
  })

  test("don't collapse if there is no name to replace", () => {
    expect(revisionAfter(() => collapse(account))).toBe(0)
    addCutoff('account', now)
    expect(revisionAfter(() => collapse(account))).toBe(0)
    expect(counts()).toEqual({ ...none, account: 1 })
  })

  test('drop a client key that a complete reading no longer finds', () => {
    add('client_keys', now, ['enabled again'], 1)
    add('client_keys', now, ['disabled'], 1)
    add('client_keys', now, ['disabled'], 2)
    expect(revisionAfter(() => removeUnseenClientKeys(account, 2))).toBe(1)
    expect(counts()).toEqual({ ...none, client_key: 1 })
  })

  test('name a client key that was disabled again by the last time', () => {
    add('client_keys', now, ['toggled'], 1)
    add('client_keys', now + 10 * minute, ['toggled'], 2)
    addCutoff('account', now + minute)
    prune(account, now + minute + declaredLifetime)
    expect(counts()).toEqual({ ...none, client_key: 1 })
    prune(account, now + 10 * minute + declaredLifetime)
    expect(counts()).toEqual(none)
  })
})

describe('what has expired', () => {
  const pruneAfter = (milliseconds: number) => revisionAfter(() => prune(account, now + milliseconds))

  test('includes a session, client key or token after the life of what it ends', () => {
    addEach(now)
    expect(pruneAfter(sessionLifetime - 1)).toBe(0)
    expect(pruneAfter(sessionLifetime)).toBe(1)
    expect(counts()).toEqual({ ...none, token: 1, client_key: 1 })
    expect(pruneAfter(bridgeLifetime - 1)).toBe(0)
    add('declared_tokens', now, [idOf(now)])
    expect(pruneAfter(bridgeLifetime)).toBe(1)
    expect(pruneAfter(declaredLifetime - 1)).toBe(0)
    expect(pruneAfter(declaredLifetime)).toBe(2)
    expect(sizeOf(account)).toBe(0)
  })

  test.each([
    ['visitor', sessionLifetime],
    ['user', sessionLifetime],
    ['client_key', declaredLifetime],
    ['customer', bridgeLifetime],
    ['api_key', declaredLifetime],
    ['kind', declaredLifetime],
    ['subject', declaredLifetime],
    ['resource', declaredLifetime],
    ['account', declaredLifetime],
  ])('includes a cutoff of one %s after the longest life that it ends', (scope, lifetime) => {
    addCutoff(scope, now)
    expect(pruneAfter(lifetime - 1)).toBe(0)
    expect(pruneAfter(lifetime)).toBe(1)
    expect(sizeOf(account)).toBe(0)
  })

  test('the effect of an account cutoff ends with it', () => {
    addCutoff('account', now)
    prune(account, now + declaredLifetime - 1)
    expect(account.endedUpTo).toBe(now)
    prune(account, now + declaredLifetime)
    expect(account.endedUpTo).toBe(0)
  })
})
