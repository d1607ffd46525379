import { type CachedSession, dueIn, pack } from './cached-session.js'
import type { WidgetSessionError } from './errors.js'
import { identityOf } from './identity.js'
import { type Notes, openNotes } from './notes.js'
import type { Platform } from './platform.js'
import { packError } from './portable-error.js'
import { reduce } from './reduce.js'
import { currentOf, type Effect, initialModel, type SessionEvent, type SessionModel } from './session-model.js'
import { createListeners } from './session-state.js'
import type { WidgetSessionEvent, WidgetSessionOptions } from './session-types.js'
import { openStore, type SessionStore } from './storage.js'
import { keepAlone, type Tabs } from './tabs.js'

/** A page's part in the session that it shares with other pages: the model, and what carries out its effects. */
export interface SessionController {
  readonly options: WidgetSessionOptions
  readonly platform: Platform
  /** The name of the session for tabs and the storage. */
  readonly name: string
  readonly store: SessionStore
  readonly notes: Notes
  readonly listeners: Listeners<WidgetSessionEvent>
  readonly watchers: Listeners<void>
  readonly model: () => SessionModel
  readonly dispatch: (event: SessionEvent) => void
  isOpen: boolean
  tabs: Tabs
  /** The current attempt of this page, unless it was cancelled. */
  pending: Promise<CachedSession> | undefined
  restored: Promise<void>
  /** The last time that a page forgot its session, as far as this page knows. */
  lastForget: string | null | undefined
  stopTimer: () => void
  /** Renews the session if it is due. */
  renew: () => void
  /** Postpones this tab's next check of the revocation feed, because another tab has just made one. */
  postponeFeedCheck: () => void
}

type Listeners<T> = ReturnType<typeof createListeners<T>>

export function createController(options: WidgetSessionOptions, platform: Platform): SessionController {
  let model = initialModel(identityOf(options))
  const name = ['hallpass', options.baseUrl, options.clientKey, options.group].filter(Boolean).join(' ')
  const controller: SessionController = {
    options,
    platform,
    name,
    notes: openNotes(platform, name, options.share !== false),
    store: openStore(options.storage ?? 'memory', platform),
    listeners: createListeners(),
    watchers: createListeners(),
    model: () => model,
    dispatch(event) {
      const [next, effects] = reduce(model, event)
      const hasChanged = next.state !== model.state
      model = next
      // emitted last, because listeners may cause further events
      for (const effect of effects) perform(controller, effect)
      if (hasChanged) controller.watchers.tell()
      for (const effect of effects) if (effect.type === 'emit') controller.listeners.tell(effect.event)
    },
    isOpen: false,
    tabs: keepAlone(),
    pending: undefined,
    restored: Promise.resolve(),
    lastForget: undefined,
    stopTimer() {},
    renew() {},
    postponeFeedCheck() {},
  }
  return controller
}

function perform(controller: SessionController, effect: Effect): void {
  const { name, notes, platform, store, tabs } = controller
  if (effect.type === 'store') void store.set(name, JSON.stringify(pack(platform, effect.cached)))
  else if (effect.type === 'unstore') void store.remove(name)
  else if (effect.type === 'schedule') schedule(controller)
  else if (effect.type === 'cancel') controller.pending = undefined
  else if (effect.type === 'tell failure') tabs.tell({ type: 'failed', error: packError(effect.error) })
  else if (effect.type === 'tell end') {
    const { cached, how } = effect
    notes.write(cached, { ended: how, sealed: '' })
    tabs.tell({ type: 'over', session_id: cached.answer.session_id, how })
  } else if (effect.type === 'tell session') {
    const { cached, from } = effect
    void notes.save(cached)
    tabs.tell({ type: 'session', session: pack(platform, cached), ...(from === undefined ? {} : { from }) })
  }
}

/** The error of the last attempt, if it is too early to retry. */
export function postponedBy({ platform, model }: SessionController): WidgetSessionError | undefined {
  return platform.monotonic() < model().notBefore ? model().state.error : undefined
}

/** Sets the timer for the next renewal, if the page is open and has a session. */
export function schedule(controller: SessionController): void {
  const { platform, model } = controller
  controller.stopTimer()
  const cached = currentOf(model())
  if (!controller.isOpen || !cached || model().state.status !== 'ready') return
  // rounded up, so that the renewal is due when the timer fires
  const wait = Math.ceil(Math.max(dueIn(platform, cached), model().notBefore - platform.monotonic(), 0))
  controller.stopTimer = platform.after(wait, () => controller.renew())
}
