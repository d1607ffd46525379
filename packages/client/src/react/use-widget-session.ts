import { useEffect, useRef, useSyncExternalStore } from 'react'
import { createWidgetSession } from '../browser/create-widget-session.js'
import type { WidgetSession, WidgetSessionOptions, WidgetSessionState } from '../browser/session-types.js'
import { useLatest } from './use-latest.js'

/** A session and its current state. */
export interface UsedWidgetSession {
  readonly session: WidgetSession
  readonly state: WidgetSessionState
}

/**
 * The session of a component. It begins when first needed and is closed when the component unmounts. A change of the
 * service, client key, user or group creates a new session; functions can change on every render.
 * @example
 * const { session, state } = useWidgetSession({ baseUrl, clientKey: 'pk_live_…' })
 */
export function useWidgetSession(options: WidgetSessionOptions): UsedWidgetSession {
  const latest = useLatest(options)
  const { baseUrl, clientKey, userId, group, visitorToken } = options
  const key = JSON.stringify([baseUrl, clientKey, userId, group, visitorToken !== undefined])
  const made = useRef<{ readonly key: string; readonly session: WidgetSession }>(undefined)
  if (made.current?.key !== key) {
    // creating a session has no side effects, so a discarded render leaves nothing behind
    const later = visitorToken ? { visitorToken: async () => latest.current.visitorToken?.() } : {}
    made.current = { key, session: createWidgetSession({ ...options, ...later }) }
  }
  const { session } = made.current
  const state = useSyncExternalStore(session.watch, session.state, session.state)
  useEffect(() => () => session.close(), [session])
  return { session, state }
}
