import { backoff } from './backoff.js'
import type { CachedSession } from './cached-session.js'
import { mayBeLost } from './errors.js'
import { isPromotion, mayStartFrom, speaksFor, userOf } from './identity.js'
import { currentOf, type Doubt, type Effect, type SessionEvent, type SessionModel } from './session-model.js'
import { visitorOf } from './session-state.js'
import type { WidgetSessionState } from './session-types.js'

type Step = readonly [SessionModel, readonly Effect[]]
type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>

/** The session as a state machine: what an event makes of the model, and what the page does because of it. */
export function reduce(model: SessionModel, event: SessionEvent): Step {
  switch (event.type) {
    case 'answered':
      return acceptResponse(model, event.cached)
    case 'found':
      return onRemoteSession(model, event)
    case 'anonymous':
      return becomeGuest(model)
    case 'failed':
      return scheduleRetry(model, event)
    case 'refused':
      return reject(model, event)
    case 'ended':
      return end(model, event)
    default:
      return [update(model, event), []]
  }
}

/** What an event without effects makes of the model. */
function update(
  model: SessionModel,
  event: EventOf<'attempted' | 'settled' | 'unanswered' | 'restarted' | 'woke'>,
): SessionModel {
  const { state } = model
  switch (event.type) {
    case 'attempted':
      return currentOf(model) || state.status === 'revoked' ? model : show(model, { status: 'pending' })
    case 'settled':
      return state.status === 'pending' ? show(model, { status: 'idle' }) : model
    case 'unanswered':
      return markUncertain(model, event.error)
    case 'restarted':
      return { ...(state.status === 'revoked' ? reset(model) : model), notBefore: 0 }
    case 'woke':
      return {
        ...(event.returned ? doubtTokens(model, 'old') : model),
        // the network may be back, but the service may have said when to retry
        notBefore: state.error?.retryAfter === undefined ? 0 : model.notBefore,
      }
  }
}

const show = (model: SessionModel, change: Partial<WidgetSessionState>): SessionModel => ({
  ...model,
  state: { ...model.state, ...change },
})

const reset = (model: SessionModel): SessionModel => ({ ...model, state: { status: 'idle' } })

const hideVisitor = (model: SessionModel): SessionModel => (model.state.visitor ? reset(model) : model)

/** The page's guest session is what is wanted after all. */
function becomeGuest(model: SessionModel): Step {
  const next: SessionModel = { ...model, identity: { kind: 'guest' } }
  const cached = currentOf(next)
  return cached ? adopt(next, cached, 'ready', model.doubt) : [hideVisitor(next), []]
}

/** Adopts the session in a response of the service, and shares it with the other tabs. */
function acceptResponse(model: SessionModel, cached: CachedSession): Step {
  const { answer } = cached
  const before = model.cached?.answer
  const isSame = before?.session_id === answer.session_id
  const from = before && isPromotion(before, answer) ? before.session_id : undefined
  const identity = answer.auth_mode === 'user' ? userOf(answer) : model.identity
  const [next, effects] = adopt({ ...model, identity }, cached, isSame ? 'refreshed' : from ? 'upgraded' : 'ready')
  return [next, [{ type: 'tell session', cached, from }, ...effects]]
}

/** Adopts a session, from the service, another tab or the storage. */
function adopt(
  model: SessionModel,
  cached: CachedSession,
  what: 'ready' | 'refreshed' | 'upgraded',
  doubt?: Doubt,
): Step {
  const next = { ...model, cached, doubt }
  // for a page that wants a user's session, a guest's is only a starting point
  if (!currentOf(next)) return [hideVisitor(next), []]
  const visitor = visitorOf(cached.answer)
  const type = what === 'refreshed' && !model.state.visitor ? 'ready' : what
  return [
    { ...next, failures: 0, notBefore: 0, state: { status: 'ready', visitor } },
    [{ type: 'emit', event: { type, visitor } }],
  ]
}

/** Adopts another tab's session: newer tokens of the same session, the session that this guest became, or one for a page without any. */
function onRemoteSession(model: SessionModel, { cached: found, from, doubt }: EventOf<'found'>): Step {
  const { cached, identity, state, endedId } = model
  const { session_id } = found.answer
  if (endedId && [session_id, from].includes(endedId)) return [model, []]
  if (cached?.answer.session_id === session_id) {
    if (found.generation > cached.generation) return adopt(model, found, 'refreshed', doubt)
    // equal tokens confirm it, but a lost response may have used them up
    const isConfirmed = model.doubt === 'unconfirmed' && doubt !== model.doubt && found.generation === cached.generation
    return isConfirmed ? adopt(model, found, 'ready', 'old') : [model, []]
  }
  if (cached && cached.answer.session_id === from) return onPromoted(model, found)
  const canStart = !currentOf(model) && state.status !== 'revoked' && mayStartFrom(identity, found.answer)
  return canStart ? adopt(model, found, 'ready', doubt) : [model, []]
}

/** Follows a guest that became a user. If the page wants another user, its guest session is dropped. */
function onPromoted(model: SessionModel, found: CachedSession): Step {
  const identity = model.identity.kind === 'guest' ? userOf(found.answer) : model.identity
  if (speaksFor(identity, found.answer)) return adopt({ ...model, identity }, found, 'upgraded')
  return [hideVisitor({ ...model, cached: undefined, doubt: undefined }), []]
}

/** A failed call may have used up the current tokens anyway. */
const markUncertain = (model: SessionModel, error: unknown): SessionModel =>
  mayBeLost(error) ? doubtTokens(model, 'used') : model

/** A session that has to be confirmed still has to be. */
const doubtTokens = (model: SessionModel, doubt: Doubt): SessionModel =>
  model.cached && model.doubt !== 'unconfirmed' ? { ...model, doubt } : model

/** Handles a temporary failure: no one is logged out, and one of the tabs tries again later. */
function scheduleRetry(model: SessionModel, { error, at, random, isRemote }: EventOf<'failed'>): Step {
  const failures = model.failures + 1
  const wait = Math.max((error.retryAfter ?? 0) * 1000, backoff(failures, random))
  const next = markUncertain({ ...show(model, { error }), failures, notBefore: at + wait }, error)
  return [next, isRemote ? [] : [{ type: 'tell failure', error }]]
}

/** Reports a refusal. The current tokens are kept, and the next call tries again. */
function reject(model: SessionModel, { error, keepsSession }: EventOf<'refused'>): Step {
  const next = show(model, keepsSession ? { error } : { status: 'refused', error })
  return [next, [{ type: 'emit', event: { type: 'refused', error } }]]
}

/** Ends the session, in all tabs unless it was another one that did so. With a doubt, it can continue once it is confirmed. */
function end(model: SessionModel, { how, isRemote, cancels, doubt }: EventOf<'ended'>): Step {
  const { cached, cancellations, state, wanted } = model
  const { visitor } = state
  const isHidden = visitor || (cancels && state.status === 'pending')
  const next: SessionModel = {
    ...model,
    ...(cancels && { cancellations: cancellations + 1, lastEnd: how }),
    ...(isHidden && { state: { status: visitor && how !== 'forgotten' ? how : 'idle' } }),
    ...(cached && { notBefore: 0, doubt }),
    ...(cached && !doubt && { cached: undefined, endedId: cached.answer.session_id, identity: wanted }),
  }
  const event = visitor && ({ type: how === 'revoked' ? how : 'expired', visitor } as const)
  return [
    next,
    [
      ...(cached && !isRemote ? [{ type: 'tell end', cached, how } as const] : []),
      ...(event ? [{ type: 'emit', event } as const] : []),
    ],
  ]
}
