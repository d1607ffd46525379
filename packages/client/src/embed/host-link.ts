import type { WidgetSessionError } from '../browser/errors.js'
import { tell } from '../browser/session-state.js'
import type { PortRpc } from './port-rpc.js'

interface Waiting {
  readonly use: (rpc: PortRpc) => void
  readonly onFailure: ((error: WidgetSessionError) => void) | undefined
}

/** The page's connection to the current document in the frame, and what waits for one. */
export function createHostLink() {
  let current: PortRpc | undefined
  let failure: WidgetSessionError | undefined
  let waiting: Waiting[] = []
  /** Messages that no document has acknowledged. A reload loses what is in flight, so the next document gets them again. */
  const outbox = new Set<{ readonly data: unknown }>()
  const send = (rpc: PortRpc, message: { readonly data: unknown }) =>
    rpc.call('message', message.data).then(
      () => void outbox.delete(message),
      () => {},
    )
  const fail = (error: WidgetSessionError) => {
    failure = error
    for (const { onFailure } of waiting) onFailure?.(error)
    waiting = waiting.filter(({ onFailure }) => !onFailure)
  }
  const disconnect = () => {
    current?.close()
    current = undefined
  }
  return {
    connect(rpc: PortRpc) {
      disconnect()
      current = rpc
      failure = undefined
      for (const { use } of waiting.splice(0)) tell(use, rpc)
      for (const message of outbox) void send(rpc, message)
    },
    /** Calls `use` once a widget is connected. If that fails, calls `onFailure` if there is one, and otherwise keeps waiting. */
    use(use: Waiting['use'], onFailure?: Waiting['onFailure']) {
      if (current) use(current)
      else if (failure && onFailure) onFailure(failure)
      else waiting.push({ use, onFailure })
    },
    /** Throws a DataCloneError for data that can't be sent. */
    post(data: unknown) {
      const message = { data: structuredClone(data) }
      outbox.add(message)
      if (current) void send(current, message)
    },
    fail,
    /** Drops the connection to a document that is gone, and keeps what waits for the next one. */
    disconnect,
    close(error: WidgetSessionError) {
      fail(error)
      waiting = []
      outbox.clear()
      disconnect()
    },
  }
}
