import { useEffect, useRef, useSyncExternalStore } from 'react'
import { createWidgetSession } from '../browser/create-widget-session.js'
import type { WidgetSession, WidgetSessionOptions, WidgetSessionState } from '../browser/session-types.js'
import { useLatest } from './use-latest.js'

/** A session and how it stands. */
export interface UsedWidgetSession {
  readonly session: WidgetSession
  readonly state: WidgetSessionState
}

/**
 * The session of a component: begun on first need, closed when the component goes. Another service, client key, user
 * or group is another session; functions may be new at every render.
 * @example
 * const { session, state } = useWidgetSession({ baseUrl, clientKey: 'pk_live_…' })
 */
export function useWidgetSession(options: WidgetSessionOptions): UsedWidgetSession {
  const latest = useLatest(options)
  const { baseUrl, clientKey, userId, group, visitorToken } = options
  const key = JSON.stringify([baseUrl, clientKey, userId, group, visitorToken !== undefined])
  const made = useRef<{ readonly key: string; readonly session: WidgetSession }>(undefined)
  if (made.current?.key !== key) {
    // making one does nothing yet, so a render that is thrown away leaves nothing behind
    const later = visitorToken ? { visitorToken: async () => latest.current.visitorToken?.() } : {}
    made.current = { key, session: createWidgetSession({ ...options, ...later }) }
  }
  const { session } = made.current
  const state = useSyncExternalStore(session.watch, session.state, session.state)
  useEffect(() => () => session.close(), [session])
  return { session, state }
}
