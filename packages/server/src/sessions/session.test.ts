import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { messages } from '../error-messages.js'
import type { SessionName, SessionRow } from '../store/queries/sessions.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import { openRefreshToken, type RefreshState } from './refresh-token.js'
import { beginSession, revokeSession, rotateSession, type SessionDeps, sessionAnswer } from './session.js'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const second = 1000
const day = 86_400 * second
const who = {
  account_id: 'account-1',
  client_key_id: 'key-1',
  visitor_id: 'visitor-1',
  agent_id: 'agent-1',
  auth_mode: 'guest',
} as const

let now: number
/** Whether time passes during a pause. */
let isRunning: boolean
let pauses: number[]
let rows: Map<string, SessionRow & { readonly expiresAt: number }>
const keyOf = ({ accountId, sid }: SessionName) => `${accountId} ${sid}`

const deps: SessionDeps = {
  clock: { now: () => now, random: randomBytes },
  pause: async (milliseconds) => {
    pauses.push(milliseconds)
    if (isRunning) now += milliseconds
  },
  keys: fixedKeys(Buffer.alloc(32, 1)),
  clientKey: { sessionToken: undefined },
  sign: (_, claims) => ({
    token: `signed ${JSON.stringify(claims)}`,
    expiresIn: 900,
    expiresAt: new Date(now + 900 * second).toISOString(),
  }),
  store: {
    async rotateSession(session, counter, times) {
      const row = rows.get(keyOf(session)) ?? { counter: 0, rotatedAt: null, revokedAt: null }
      if (row.counter !== counter || row.revokedAt !== null) return false
      const next = { counter: counter + 1, rotatedAt: times.now, revokedAt: null, expiresAt: times.expiresAt }
      rows.set(keyOf(session), next)
      return true
    },
    async revokeSession(session, times) {
      const fresh = { counter: 0, rotatedAt: null, revokedAt: null, expiresAt: times.expiresAt }
      const row = rows.get(keyOf(session)) ?? fresh
      if (row.revokedAt !== null) return false
      rows.set(keyOf(session), { ...row, revokedAt: times.now })
      return true
    },
    findSession: async (session) => rows.get(keyOf(session)),
  },
}
const used = { name: 'HallpassError', reason: 'invalid_token', message: messages.invalidRefreshToken }
const tokenOf = (state: RefreshState) => sessionAnswer(deps, state).refresh_token

beforeEach(() => {
  now = start
  isRunning = true
  pauses = []
  rows = new Map()
})

describe('a new session', () => {
  test('starts at 0, lives for a day, and writes nothing', () => {
    expect({ ...beginSession(deps), ...who }).toMatchObject({
      ...who,
      counter: 0,
      started_at: start,
      issued_at: start,
      expires_at: start + day,
    })
    expect(rows.size).toBe(0)
  })

  test('has the documented response', async () => {
    const state = { ...beginSession(deps), ...who }
    const answer = sessionAnswer(deps, state)
    expect(answer).toEqual({
      token: `signed {"sub":"visitor-1","sid":"${state.sid}","account_id":"account-1","client_key_id":"key-1","agent_id":"agent-1","auth_mode":"guest"}`,
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: '2026-11-21T08:15:00.000Z',
      refresh_token: expect.stringMatching(/^hprt_/),
      refresh_expires_in: 86_400,
      session_id: state.sid,
      visitor_id: 'visitor-1',
      auth_mode: 'guest',
      agent_id: 'agent-1',
    })
    expect(await openRefreshToken(deps.keys, answer.refresh_token)).toEqual(state)
  })

  test('of a user contains the user, the origin and the traits', () => {
    const user = { id: 'user_42', display_name: 'Ada' }
    const known = {
      ...who,
      auth_mode: 'user' as const,
      user,
      origin: 'https://shop.example',
      traits: { plan: 'pro' },
      metadata: { a: 1 },
    }
    const answer = sessionAnswer(deps, { ...beginSession(deps), ...known })
    expect(answer.user).toEqual(user)
    expect(answer.token).toContain('"origin":"https://shop.example"')
    expect(answer.token).toContain('"traits":{"plan":"pro"},"metadata":{"a":1}')
  })
})

describe('rotation', () => {
  test('increases the counter by one and keeps the identity', async () => {
    const first = { ...beginSession(deps), ...who }
    now += 60 * second
    const next = await rotateSession(deps, first)
    expect(next).toEqual({ ...first, counter: 1, issued_at: now, expires_at: now + day })
    expect((await rotateSession(deps, next)).counter).toBe(2)
  })

  test.each([0, 1, 9_999, 10_000])('the predecessor gets the same refresh token after %d ms', async (wait) => {
    const first = { ...beginSession(deps), ...who }
    now += 5 * second
    const next = await rotateSession(deps, first)
    now += wait
    expect(tokenOf(await rotateSession(deps, first))).toBe(tokenOf(next))
  })

  test.each([1, 1_001, 3_600_000])('the predecessor gets no grace if the clock went back by %d ms', async (by) => {
    const first = { ...beginSession(deps), ...who }
    await rotateSession(deps, first)
    now -= by
    isRunning = false
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
  })

  test.each([1, 1_000])('waits for a replica whose clock is %d ms ahead', async (by) => {
    const first = { ...beginSession(deps), ...who }
    const next = await rotateSession(deps, first)
    now -= by
    expect(tokenOf(await rotateSession(deps, first))).toBe(tokenOf(next))
    expect(pauses).toEqual([by])
  })

  test("doesn't wait for a replica that is further ahead, or not ahead", async () => {
    const first = { ...beginSession(deps), ...who }
    await rotateSession(deps, first)
    await rotateSession(deps, first)
    now -= 1_001
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
    expect(pauses).toEqual([])
  })

  test("the grace period starts at the first rotation and doesn't slide", async () => {
    const first = { ...beginSession(deps), ...who }
    await rotateSession(deps, first)
    now += 6 * second
    await rotateSession(deps, first)
    now += 6 * second
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
  })

  test('reuse after the grace period ends the session, including its newest token', async () => {
    const first = { ...beginSession(deps), ...who }
    const next = await rotateSession(deps, first)
    now += 10_001
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
    await expect(rotateSession(deps, next)).rejects.toMatchObject(used)
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
  })

  test('a token that is two rotations old ends the session even in the grace period', async () => {
    const first = { ...beginSession(deps), ...who }
    const second = await rotateSession(deps, first)
    const third = await rotateSession(deps, second)
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
    await expect(rotateSession(deps, third)).rejects.toMatchObject(used)
  })

  test('400 for a revoked session, rotated or not, even in the grace period', async () => {
    const minted = { ...beginSession(deps), ...who }
    await revokeSession(deps, { accountId: 'account-1', sid: minted.sid }, minted.started_at)
    await expect(rotateSession(deps, minted)).rejects.toMatchObject(used)

    const first = { ...beginSession(deps), ...who }
    await rotateSession(deps, first)
    await revokeSession(deps, { accountId: 'account-1', sid: first.sid }, first.started_at)
    await expect(rotateSession(deps, first)).rejects.toMatchObject(used)
  })

  test('twenty simultaneous tabs get the same successor', async () => {
    const first = { ...beginSession(deps), ...who }
    const states = await Promise.all(Array.from({ length: 20 }, () => rotateSession(deps, first)))
    expect(new Set(states.map(tokenOf)).size).toBe(1)
  })
})

describe('the lifetime of a session', () => {
  test('slides by a day and ends after seven days, whatever is rotated', async () => {
    let state: RefreshState = { ...beginSession(deps), ...who }
    for (let half = 1; half <= 13; half++) {
      now = start + half * (day / 2)
      state = await rotateSession(deps, state)
      expect(state.expires_at).toBe(Math.min(now + day, start + 7 * day))
      expect(state.started_at).toBe(start)
    }
    expect(sessionAnswer(deps, state).refresh_expires_in).toBe(86_400 / 2)
  })

  test('its row is kept until its newest refresh token expires', async () => {
    const state = { ...beginSession(deps), ...who }
    now += day / 2
    await rotateSession(deps, state)
    expect([...rows.values()][0]?.expiresAt).toBe(now + day)
    await revokeSession(deps, { accountId: 'account-1', sid: state.sid }, state.started_at)
    expect([...rows.values()][0]?.expiresAt).toBe(now + day)
  })

  test('refresh_expires_in is never negative', () => {
    const state = { ...beginSession(deps), ...who }
    now += 2 * day
    expect(sessionAnswer(deps, state).refresh_expires_in).toBe(0)
  })

  test('ends only once', async () => {
    const session = { accountId: 'account-1', sid: 'sid-1' }
    expect(await revokeSession(deps, session, start)).toBe(true)
    expect(await revokeSession(deps, session, start)).toBe(false)
  })
})
