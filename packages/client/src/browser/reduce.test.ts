import { readFileSync } from 'node:fs'
import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CachedSession } from './cached-session.js'
import { type WidgetReason, WidgetSessionError } from './errors.js'
import type { Identity } from './identity.js'
import { reduce } from './reduce.js'
import { currentOf, type Effect, initialModel, type SessionEvent, type SessionModel } from './session-model.js'

const guest: Identity = { kind: 'guest' }
const ada: Identity = { kind: 'user', id: 'ada' }

function sessionOf(id: string, user: string | undefined, generation: number): CachedSession {
  const answer = {
    token: `token ${id} ${generation}`,
    expires_in: 900,
    refresh_token: `refresh ${id} ${generation}`,
    refresh_expires_in: 86_400,
    session_id: id,
    visitor_id: id.charAt(0),
    agent_id: 'agent',
    auth_mode: user ? 'user' : 'guest',
    ...(user ? { user: { id: user } } : {}),
  } as SessionAnswer
  return { answer, generation, secret: 'secret', monotonic: 0, wall: 0 }
}

/** A guest's session, the user's that it becomes, another guest's, and another user's. */
const sessions = (['a1', 'a2', 'b1', 'c1'] as const).flatMap((id) =>
  [0, 1, 2].map((generation) => sessionOf(id, { a1: undefined, a2: 'ada', b1: undefined, c1: 'bob' }[id], generation)),
)

const errorOf = (reason: WidgetReason, retryAfter?: number) =>
  new WidgetSessionError(reason, reason, retryAfter === undefined ? {} : { retryAfter })
const transient = [errorOf('network'), errorOf('rate_limited', 30)]
const how = ['expired', 'revoked', 'forgotten'] as const
const both = [true, false]
const doubts = [undefined, 'old', 'unconfirmed'] as const

/** Every kind of event with every value that matters. */
const events: readonly SessionEvent[] = [
  { type: 'attempted' },
  { type: 'settled' },
  { type: 'anonymous' },
  { type: 'restarted' },
  ...both.map((returned) => ({ type: 'woke' as const, returned })),
  ...sessions.map((cached) => ({ type: 'answered' as const, cached })),
  ...sessions.flatMap((cached) => doubts.map((doubt) => ({ type: 'found' as const, cached, doubt }))),
  ...sessions.map((cached) => ({ type: 'found' as const, cached, from: 'a1' })),
  ...transient.map((error) => ({ type: 'unanswered' as const, error })),
  ...transient.flatMap((error) =>
    both.map((isRemote) => ({ type: 'failed' as const, error, at: 1_000, random: 0.5, isRemote })),
  ),
  ...both.map((keepsSession) => ({ type: 'refused' as const, error: errorOf('origin_not_allowed'), keepsSession })),
  ...how.flatMap((end) =>
    both.flatMap((isRemote) => both.map((cancels) => ({ type: 'ended' as const, how: end, isRemote, cancels }))),
  ),
  { type: 'ended' as const, how: 'expired' as const, isRemote: true, cancels: true, doubt: 'unconfirmed' as const },
]

/** The steps of a list of events. Frozen, because no step may change the model before it. */
function run(wanted: Identity, story: readonly SessionEvent[]) {
  let model = initialModel(wanted)
  const steps: { before: SessionModel; event: SessionEvent; after: SessionModel; effects: readonly Effect[] }[] = []
  for (const event of story) {
    Object.freeze(model)
    Object.freeze(model.state)
    const [after, effects] = reduce(model, event)
    steps.push({ before: model, event, after, effects })
    model = after
  }
  return steps
}

const stories = fc.record({
  wanted: fc.constantFrom(guest, ada),
  story: fc.array(fc.constantFrom(...events), { maxLength: 25 }),
})

const emitted = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []))

/** Checks each step of any sequence of events. */
const inEveryStep = (check: (step: ReturnType<typeof run>[number]) => void) =>
  fc.assert(
    fc.property(stories, ({ wanted, story }) => {
      for (const step of run(wanted, story)) check(step)
    }),
    { numRuns: 300 },
  )

describe('after any order of events', () => {
  test('a visitor is shown exactly while there is a session of the wanted identity', () => {
    inEveryStep(({ after }) => {
      expect(after.state.visitor?.session_id).toBe(currentOf(after)?.answer.session_id)
      if (after.state.status === 'ready') expect(after.state.visitor).toBeDefined()
      if (!['ready', 'refused'].includes(after.state.status)) expect(after.state.visitor).toBeUndefined()
    })
  })

  test('an end is reported once, and only of a session that was shown', () => {
    inEveryStep(({ before, after, effects }) => {
      for (const event of emitted(effects)) {
        if (event.type !== 'expired' && event.type !== 'revoked') continue
        expect(event.visitor).toEqual(before.state.visitor)
        expect(after.state.visitor).toBeUndefined()
        if (after.doubt !== 'unconfirmed') expect(after.cached).toBeUndefined()
      }
    })
  })

  test('tokens are never replaced by older ones of the same session from another page', () => {
    inEveryStep(({ before, event, after }) => {
      if (event.type !== 'found' || before.cached?.answer.session_id !== after.cached?.answer.session_id) return
      expect(after.cached?.generation ?? 0).toBeGreaterThanOrEqual(before.cached?.generation ?? 0)
    })
  })

  test('a page never shows the session of another user', () => {
    inEveryStep(({ before, event, after }) => {
      if (event.type === 'found' && before.identity.kind === 'user') {
        expect(after.state.visitor?.user?.id ?? before.identity.id).toBe(before.identity.id)
      }
    })
  })

  test('after a logout there is no session, and earlier attempts are cancelled', () => {
    inEveryStep(({ before, event, after, effects }) => {
      if (event.type !== 'ended' || event.how !== 'forgotten' || !event.cancels) return
      expect(after.cached).toBeUndefined()
      expect(after.state.status).not.toBe('pending')
      expect(after.cancellations).toBe(before.cancellations + 1)
      if (before.cached && !event.isRemote) expect(effects.map(({ type }) => type)).toContain('tell end')
    })
  })

  test('a session that ended is not brought back by a tab that does not know it yet', () => {
    inEveryStep(({ before, event, after }) => {
      if (event.type !== 'ended' || !before.cached || event.doubt) return
      const late = { type: 'found' as const, cached: { ...before.cached, generation: 9 } }
      expect(reduce(after, late)).toEqual([after, []])
    })
  })

  test('an unconfirmed session is not shown before a response or another tab confirms it', () => {
    inEveryStep(({ before, event, after }) => {
      if (after.doubt) expect(after.cached).toBeDefined()
      if (before.doubt !== 'unconfirmed' || after.doubt === 'unconfirmed' || !after.cached) return
      expect(event.type === 'answered' || (event.type === 'found' && event.doubt !== 'unconfirmed')).toBe(true)
    })
  })

  test('a temporary failure ends nothing, and keeps the time that the service asked for', () => {
    inEveryStep(({ before, event, after }) => {
      if (event.type !== 'failed') return
      expect(after.cached).toBe(before.cached)
      expect(after.state.status).toBe(before.state.status)
      expect(after.notBefore).toBeGreaterThanOrEqual(event.at + (event.error.retryAfter ?? 0) * 1000)
    })
  })

  test('once revoked, only a response, begin() or an upgrade in another tab begins a session', () => {
    inEveryStep(({ before, event, after }) => {
      if (before.state.status !== 'revoked' || after.state.status === 'revoked') return
      expect(['answered', 'restarted', 'refused', 'anonymous', 'found']).toContain(event.type)
    })
  })
})

/** The transitions between statuses that the events above cause, in any order. */
function transitionsOf(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const seen = new Set<string>()
  const open = [initialModel(guest), initialModel(ada)]
  for (let model = open.pop(); model; model = open.pop()) {
    for (const event of events) {
      const [after] = reduce(model, event)
      const [from, to] = [model.state.status, after.state.status]
      if (from !== to) found.set(`${from} --> ${to}`, (found.get(`${from} --> ${to}`) ?? new Set()).add(event.type))
      const { state, cached, identity, wanted, doubt } = after
      const key = JSON.stringify([state.status, cached?.answer.token, identity, wanted, doubt])
      if (!seen.has(key)) open.push(after)
      seen.add(key)
    }
  }
  return found
}

test('the diagram in docs/widget-sessions.md shows exactly the transitions of the reducer', () => {
  const page = readFileSync(new URL('../../../../docs/widget-sessions.md', import.meta.url), 'utf8')
  const diagram = /```mermaid\n(.*?)```/s.exec(page)?.[1] ?? ''
  const drawn = [...diagram.matchAll(/^ *(\w+ --> \w+): (.+)$/gm)].map(([, arrow, label]) => `${arrow}: ${label}`)
  const actual = [...transitionsOf()].map(([arrow, types]) => `${arrow}: ${[...types].sort().join(', ')}`)
  expect(drawn.sort()).toEqual(actual.sort())
})
