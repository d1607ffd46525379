import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { Visitor } from './session-types.js'

/** A set of listeners. A function can be added several times, and each addition is removed separately. */
export function createListeners<T>() {
  const listeners = new Set<{ readonly hear: (value: T) => void }>()
  return {
    add(hear: (value: T) => void) {
      const listener = { hear }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    tell(value: T) {
      for (const { hear } of [...listeners]) tell(hear, value)
    },
  }
}

/** Calls a listener. If it throws, the error is reported to the page, and other listeners are still called. */
export function tell<T>(hear: (value: T) => void, value: T): void {
  try {
    hear(value)
  } catch (error) {
    throwLater(error)
  }
}

export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

export const visitorOf = ({ session_id, visitor_id, auth_mode, agent_id, user }: SessionAnswer): Visitor => ({
  session_id,
  visitor_id,
  auth_mode,
  agent_id,
  ...(user ? { user } : {}),
})
