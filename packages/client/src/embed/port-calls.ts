import { toWidgetError, WidgetSessionError } from '../browser/errors.js'
import { isObject } from '../browser/held-session.js'
import { packError, unpackError } from '../browser/portable-error.js'

/** What the other side may ask for, by name. */
export type Handlers = Readonly<Record<string, (value: unknown) => unknown>>

/** Questions and news over one MessagePort, both ways. */
export interface PortCalls {
  /** Asks and waits; fails as the other side failed. */
  readonly ask: (name: string, value?: unknown) => Promise<unknown>
  /** Says something that needs no answer. */
  readonly say: (name: string, value?: unknown) => void
  readonly close: () => void
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: WidgetSessionError) => void
}

/** Speaks over a port; only the two documents that hold its ends can hear it. */
export function talkOver(port: MessagePort, handlers: Handlers): PortCalls {
  const waiting = new Map<number, Waiting>()
  let last = 0
  port.onmessage = ({ data }) => {
    if (!isObject(data)) return
    if (typeof data.name === 'string') void handle(port, handlers, data)
    else if (typeof data.id === 'number') settle(waiting, data.id, data)
  }
  return {
    ask: (name, value) =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        port.postMessage({ name, id: last, value })
      }),
    say: (name, value) => port.postMessage({ name, value }),
    close() {
      port.close()
      for (const { reject } of waiting.values()) reject(gone())
      waiting.clear()
    },
  }
}

async function handle(port: MessagePort, handlers: Handlers, { name, id, value }: Record<string, unknown>) {
  const handler = Object.hasOwn(handlers, String(name)) ? handlers[String(name)] : undefined
  try {
    const answer = await handler?.(value)
    if (id !== undefined) port.postMessage({ id, value: answer })
  } catch (error) {
    if (id !== undefined) port.postMessage({ id, error: packError(toWidgetError(error)) })
  }
}

function settle(waiting: Map<number, Waiting>, id: number, { value, error }: Record<string, unknown>): void {
  const one = waiting.get(id)
  waiting.delete(id)
  if (error === undefined) one?.resolve(value)
  else one?.reject(unpackError(error))
}

const gone = () => new WidgetSessionError('aborted', 'The widget or its page is gone.')
