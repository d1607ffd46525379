import { type CachedSession, dueIn, isOver, pack, unpack } from './cached-session.js'
import type { WidgetSessionError } from './errors.js'
import { identityOf } from './identity.js'
import { lazily } from './lazily.js'
import type { Platform } from './platform.js'
import { packError } from './portable-error.js'
import type { Records } from './records.js'
import { reduce } from './reduce.js'
import { withTimeout } from './retry.js'
import { currentOf, type Effect, initialModel, type SessionEvent, type SessionModel } from './session-model.js'
import { createListeners, type Listeners } from './session-state.js'
import type { WidgetSessionEvent, WidgetSessionOptions } from './session-types.js'
import { keepAlone, type Tabs } from './tabs.js'

/** A page's part in the session that it shares with other pages: the model, and what carries out its effects. */
export interface SessionController {
  readonly options: WidgetSessionOptions
  readonly platform: Platform
  /** The name of the session for tabs and the storage. */
  readonly name: string
  /**
   * What pages write down, loaded when there is a session or may be a stored one, so that the first one doesn't begin later.
   * Without it, the session is only in memory, and pages with older tokens begin again.
   */
  readonly records: () => Promise<Records | undefined>
  readonly listeners: Listeners<WidgetSessionEvent>
  readonly watchers: Listeners<void>
  readonly model: SessionModel
  /** The session, if it belongs to the wanted identity. */
  readonly current: CachedSession | undefined
  readonly dispatch: (event: SessionEvent) => void
  isOpen: boolean
  tabs: Tabs
  /** The current attempt of this page, unless it was cancelled. */
  pending: Promise<CachedSession> | undefined
  /** The last time that a page forgot its session, as far as this page knows. */
  lastForget: string | null | undefined
  stopTimer: () => void
  /** Renews the session if it is due. */
  renew: () => void
  /** Postpones this tab's next check of the revocation feed, because another tab has just made one. */
  postponeFeedCheck: () => void
}

export function createController(options: WidgetSessionOptions, platform: Platform): SessionController {
  let model = initialModel(identityOf(options))
  const name = ['hallpass', options.baseUrl, options.clientKey, options.group].filter(Boolean).join(' ')
  const controller: SessionController = {
    options,
    platform,
    name,
    records: lazily(platform, async () =>
      (await import('./records.js')).openRecords(controller, { withTimeout, isOver, pack, unpack }),
    ),
    listeners: createListeners(),
    watchers: createListeners(),
    get model() {
      return model
    },
    get current() {
      return currentOf(model)
    },
    dispatch(event) {
      const before = model
      const [next, effects] = reduce(before, event)
      model = next
      follow(controller, before)
      for (const effect of effects) perform(controller, effect)
      if (next.state !== before.state) controller.watchers.tell()
      // emitted last, because listeners may cause further events
      for (const effect of effects) if (effect.type === 'emit') controller.listeners.tell(effect.event)
    },
    isOpen: false,
    tabs: keepAlone(),
    pending: undefined,
    lastForget: undefined,
    stopTimer() {},
    renew() {},
    postponeFeedCheck() {},
  }
  return controller
}

/** What follows from a new model: what is stored, whether an attempt goes on, and when the next renewal is due. */
function follow(controller: SessionController, before: SessionModel): void {
  const { cached, cancellations } = controller.model
  if (cached !== before.cached) void controller.records().then((loaded) => loaded?.store(cached))
  if (cancellations !== before.cancellations) controller.pending = undefined
  schedule(controller)
}

function perform({ platform, records, tabs }: SessionController, effect: Effect): void {
  if (effect.type === 'tell failure') tabs.tell({ type: 'failed', error: packError(effect.error) })
  else if (effect.type === 'tell end') {
    const { cached, how } = effect
    void records().then((loaded) => loaded?.notes.write(cached, { ended: how, sealed: '' }))
    tabs.tell({ type: 'over', session_id: cached.answer.session_id, how })
  } else if (effect.type === 'tell session') {
    const { cached, from } = effect
    void records().then((loaded) => loaded?.notes.save(cached))
    tabs.tell({ type: 'session', session: pack(platform, cached), from })
  }
}

/** Records a temporary failure, of another tab if `isRemote`. */
export function recordFailure(
  { dispatch, platform }: SessionController,
  error: WidgetSessionError,
  isRemote: boolean,
): void {
  dispatch({ type: 'failed', error, at: platform.monotonic(), random: platform.random(), isRemote })
}

/** The error of the last attempt, if it is too early to retry. */
export function postponedBy({ platform, model }: SessionController): WidgetSessionError | undefined {
  return platform.monotonic() < model.notBefore ? model.state.error : undefined
}

/** Milliseconds until the session should be renewed. One that has to be confirmed is due. Infinity without a session. */
export function renewalIn({ current, model, platform }: SessionController): number {
  if (current) return dueIn(platform, current)
  return model.doubt === 'unconfirmed' ? 0 : Infinity
}

/** Sets the timer for the next renewal, if the page is open and has a session. An attempt sets it when it ends. */
export function schedule(controller: SessionController): void {
  const { isOpen, model, pending, platform } = controller
  controller.stopTimer()
  // rounded up, so that the renewal is due when the timer fires
  const wait = Math.ceil(Math.max(renewalIn(controller), model.notBefore - platform.monotonic(), 0))
  if (!isOpen || pending || wait === Infinity || model.state.status === 'refused') return
  controller.stopTimer = platform.after(wait, controller.renew)
}
