import { useSyncExternalStore } from 'react'
import type { Exchange } from './exchange.js'

/** Everything that went to and fro in one scene, in the order in which it began. */
export interface Flow {
  readonly add: (...exchanges: readonly Exchange[]) => void
  readonly clear: () => void
  readonly exchanges: () => readonly Exchange[]
  readonly listen: (onChange: () => void) => () => void
}

export function createFlow(): Flow {
  let exchanges: readonly Exchange[] = []
  const listeners = new Set<() => void>()
  const become = (next: readonly Exchange[]) => {
    exchanges = next
    for (const listener of listeners) listener()
  }
  return {
    add: (...more) => {
      const unknown = more.filter(({ id }) => exchanges.every((known) => known.id !== id))
      // callers report when they are done, so what began first may become known last
      become([...exchanges, ...unknown].toSorted((a, b) => a.startedAt - b.startedAt))
    },
    clear: () => become([]),
    exchanges: () => exchanges,
    listen: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

/** What a flow holds, as it comes. */
export const useExchanges = (flow: Flow) => useSyncExternalStore(flow.listen, flow.exchanges)
