import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '../../ids.js'
import { databases, openDatabase } from '../../testing/databases.js'
import { untold } from '../../testing/untold.js'
import { sql } from '../kysely.js'
import { scopesOf } from '../scope.js'
import { mostNames } from './revocation-counts.js'

const now = Date.parse('2026-11-21T08:00:00.000Z')
const later = { now, expiresAt: now + 86_400_000 }
const idAt = (time: number) => newId({ now: () => time, random: (bytes) => Buffer.alloc(bytes, 7) })

describe.each(databases)('an account that revokes more than fits into its feed, in %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  afterAll(close)
  const unscoped = scopesOf(db).unscoped

  const revoke = (accountId: string, sid = randomSid()) => store.revokeSession({ accountId, sid }, later)
  const randomSid = () => idAt(now).slice(0, 24) + randomUUID().slice(24)
  const fill = async (accountId: string) => {
    await revoke(accountId)
    await sql`update revocation_counts set current = ${mostNames.session} where account_id = ${accountId}`.execute(
      unscoped,
    )
  }

  test('is full with one more name, then empty again, and only one of many callers sees it full', async () => {
    const account = randomUUID()
    await fill(account)
    expect(await store.emptyFullFeed(account)).toBe(false)
    await revoke(account)
    const found = await Promise.all([1, 2, 3].map(() => store.emptyFullFeed(account)))
    expect(found.filter((isFull) => isFull)).toHaveLength(1)
  })

  test("doesn't fill another account's feed", async () => {
    const [full, other] = [randomUUID(), randomUUID()]
    await fill(full)
    await revoke(full)
    await revoke(other)
    expect([await store.emptyFullFeed(other), await store.emptyFullFeed(full)]).toEqual([false, true])
  })

  test("doesn't count what was already revoked or is covered by an account cutoff", async () => {
    const account = randomUUID()
    const sid = randomSid()
    await revoke(account, sid)
    await fill(account)
    await revoke(account, sid)
    const cutoff = { notBefore: now, expiresAt: now + 1e9 }
    await store.addCutoff(account, { scope: 'account', subject: account }, cutoff, untold)
    await revoke(account)
    expect(await store.emptyFullFeed(account)).toBe(false)
  })

  test('counts names of the previous period, but not of earlier ones', async () => {
    const account = randomUUID()
    await fill(account)
    const inPeriods = async (periods: number) => {
      const time = now + periods * 17 * 60_000
      await store.revokeSession({ accountId: account, sid: idAt(time) }, { now: time, expiresAt: time + 1e9 })
      return store.emptyFullFeed(account)
    }
    expect(await inPeriods(3)).toBe(false)
    await sql`update revocation_counts set current = ${mostNames.session} where account_id = ${account}`.execute(
      unscoped,
    )
    expect(await inPeriods(4)).toBe(true)
  })

  test('also counts users, disabled client keys and bridge tokens, and counts a repeated user once', async () => {
    const account = randomUUID()
    const user = (subject: string, at: number) =>
      store.addCutoff(account, { scope: 'user', subject }, { notBefore: at, expiresAt: at + 1e9 }, untold)
    await user('user_1', now)
    await user('user_1', now + 1)
    await store.consumeOrRevokeToken({ accountId: account, kind: 'bridge', jti: idAt(now) }, 'revoked', later)
    await store.consumeOrRevokeToken({ accountId: account, kind: 'visitor', jti: idAt(now) }, 'revoked', later)
    const { rows } = await sql<{ lifetime: string; current: number }>`
      select lifetime, current from revocation_counts where account_id = ${account} order by lifetime`.execute(unscoped)
    expect(rows).toEqual([
      { lifetime: 'bridge', current: 1 },
      { lifetime: 'session', current: 1 },
    ])
  })

  test('counts all concurrent revocations', async () => {
    const account = randomUUID()
    await Promise.all(Array.from({ length: 20 }, () => revoke(account)))
    const { rows } = await sql<{ current: number }>`
      select current from revocation_counts where account_id = ${account}`.execute(unscoped)
    expect(rows).toEqual([{ current: 20 }])
  })
})
