import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import type { Visitor } from './session-types.js'

export type Listeners<T> = ReturnType<typeof createListeners<T>>

/** A set of listeners. A function can be added several times, and each addition is removed separately. */
export function createListeners<T>() {
  const listeners = new Set<(value: T) => void>()
  return {
    add(hear: (value: T) => void) {
      const listener = (value: T) => tell(hear, value)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(value: T) {
      for (const listener of [...listeners]) listener(value)
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
