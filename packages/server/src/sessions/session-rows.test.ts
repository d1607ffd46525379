import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../store/migrations/migrate.js'
import { openSqlite } from '../store/sqlite/open-sqlite.js'
import { createStore, type Store } from '../store/store.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import type { RefreshState } from './refresh-token.js'
import { beginSession, revokeSession, rotateSession, type SessionDeps } from './session.js'

const second = 1000
const hour = 3600 * second
const jwtMilliseconds = 900 * second
const longestTailMilliseconds = jwtMilliseconds + 130 * second

let now = Date.parse('2026-11-21T08:00:00.000Z')
const opened = [openSqlite(undefined), openSqlite(undefined)] as const
/** Two databases that get the same calls. In one, every expired row is swept at once; in the other, none is. */
const [swept, whole] = [createStore(opened[0].db), createStore(opened[1].db)]
beforeAll(() => Promise.all(opened.map(({ db }) => migrate(db))))
afterAll(() => Promise.all(opened.map(({ close }) => close())))

const clock = { now: () => now, random: randomBytes }
const needsOf = (store: Store): SessionDeps => ({
  clock,
  keys: fixedKeys(Buffer.alloc(32, 1)),
  pause: async () => {},
  clientKey: { sessionToken: undefined },
  sign: () => ({ token: '', expiresIn: 900, expiresAt: '' }),
  store,
})

/** A session: all its refresh tokens, and until when its newest JWT is accepted. */
interface Session {
  readonly name: { readonly accountId: string; readonly sid: string }
  readonly tokens: RefreshState[]
  jwtUntil: number
}

function begin(): Session {
  const who = { client_key_id: 'key-1', visitor_id: 'visitor-1', agent_id: 'agent-1', auth_mode: 'guest' } as const
  const state = { ...beginSession({ clock }), ...who, account_id: randomUUID() }
  return { name: { accountId: state.account_id, sid: state.sid }, tokens: [state], jwtUntil: now + jwtMilliseconds }
}

/** The result of a refresh: the next state, or undefined for a refusal. */
async function refresh(store: Store, state: RefreshState): Promise<RefreshState | undefined> {
  if (state.expires_at <= now) return undefined
  return rotateSession(needsOf(store), state).catch(() => undefined)
}

/** Everything that an unexpired token reveals about its session. */
async function seenIn(store: Store, { name, tokens, jwtUntil }: Session) {
  const row = await store.findSession(name)
  const live = tokens.filter(({ expires_at }) => expires_at > now)
  return {
    isJwtRevoked: jwtUntil > now && row !== undefined && row.revokedAt !== null,
    active: live.map(({ counter }) => (row?.counter ?? 0) === counter && (row?.revokedAt ?? null) === null),
  }
}

type Step =
  | { readonly do: 'refresh'; readonly age: number }
  | { readonly do: 'revoke'; readonly age: number }
  | { readonly do: 'wait'; readonly milliseconds: number }
const waits = [second, 9 * second, 11 * second, 600 * second, 16 * 60 * second, hour, 6 * hour, 23 * hour, 25 * hour]
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('refresh' as const), age: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), age: fc.nat({ max: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.constantFrom(...waits) }) },
)

async function take(session: Session, one: Step): Promise<void> {
  if (one.do === 'wait') {
    now += one.milliseconds
    return
  }
  // the newest token, or an earlier one
  const state = session.tokens[Math.max(0, session.tokens.length - 1 - one.age)]
  if (!state) throw new Error('a session has at least one token')
  if (one.do === 'revoke') {
    for (const store of [swept, whole]) await revokeSession(needsOf(store), session.name, state.issued_at)
    return
  }
  const [ours, theirs] = [await refresh(swept, state), await refresh(whole, state)]
  expect(ours).toEqual(theirs)
  if (!ours) return
  session.tokens.push(ours)
  session.jwtUntil = now + jwtMilliseconds
}

const sweep = () => swept.sweepExpired(now, 1_000)

describe('the row of a session', () => {
  test('is kept exactly as long as any of its tokens could be accepted', async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const session = begin()
        for (const one of taken) {
          await take(session, one)
          await sweep()
          expect(await seenIn(swept, session)).toEqual(await seenIn(whole, session))
        }
        now = Math.max(...session.tokens.map(({ expires_at }) => expires_at), now + longestTailMilliseconds)
        await sweep()
        expect(await swept.findSession(session.name)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  test('outlives the last JWT of a session that is refreshed until its absolute end', async () => {
    const session = begin()
    const end = now + 168 * hour
    for (; now < end - hour; now += 23 * hour) await take(session, { do: 'refresh', age: 0 })
    now = end - second
    await take(session, { do: 'refresh', age: 0 })
    await take(session, { do: 'revoke', age: 0 })
    now = session.jwtUntil - second
    await sweep()
    expect(await seenIn(swept, session)).toMatchObject({ isJwtRevoked: true })
  })

  test('is removed a day after its last refresh, not a week after its start', async () => {
    const session = begin()
    await take(session, { do: 'refresh', age: 0 })
    now += 24 * hour - 1
    await sweep()
    expect(await swept.findSession(session.name)).toBeDefined()
    now += 1
    await sweep()
    expect(await swept.findSession(session.name)).toBeUndefined()
  })
})
