import { useSyncExternalStore } from 'react'
import type { Exchange } from './exchange.js'

/** The calls and messages of one scene, sorted by start time. */
export interface Flow {
  readonly add: (...exchanges: readonly Exchange[]) => void
  readonly clear: () => void
  readonly exchanges: () => readonly Exchange[]
  readonly listen: (onChange: () => void) => () => void
}

export function createFlow(): Flow {
  let exchanges: readonly Exchange[] = []
  const listeners = new Set<() => void>()
  const update = (next: readonly Exchange[]) => {
    exchanges = next
    for (const listener of listeners) listener()
  }
  return {
    add: (...more) => {
      const unknown = more.filter(({ id }) => exchanges.every((known) => known.id !== id))
      // a call is reported when it ends, so the first call to start may be reported last
      update([...exchanges, ...unknown].toSorted((a, b) => a.startedAt - b.startedAt))
    },
    clear: () => update([]),
    exchanges: () => exchanges,
    listen: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

/** The exchanges of a flow. Rerenders when they change. */
export const useExchanges = (flow: Flow) => useSyncExternalStore(flow.listen, flow.exchanges)
