import { isPlainObject } from '@hallpass/contracts/core'
import { toWidgetError, WidgetSessionError } from '../browser/errors.js'
import { packError, unpackError } from '../browser/portable-error.js'
import { throwLater } from '../browser/session-state.js'

/** What the other side may ask for, by name. */
export type Handlers = Readonly<Record<string, (value: unknown) => unknown>>

/** Questions and news over one MessagePort, both ways. */
export interface PortCalls {
  /** Asks and waits, for 30 seconds at most; fails as the other side failed. */
  readonly ask: (name: string, value?: unknown) => Promise<unknown>
  /** Says something that needs no answer. */
  readonly say: (name: string, value?: unknown) => void
  readonly close: () => void
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: WidgetSessionError) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** Longer than the other side needs for an exchange with all its tries, in milliseconds. */
const patienceMilliseconds = 30_000

/** Speaks over a port; only the two documents that hold its ends can hear it. */
export function talkOver(port: MessagePort, handlers: Handlers): PortCalls {
  const waiting = new Map<number, Waiting>()
  let last = 0
  port.onmessage = ({ data }) => {
    if (!isPlainObject(data)) return
    if (typeof data.name === 'string') void handle(port, handlers, data)
    else if (typeof data.id === 'number') settle(waiting, data.id, data)
  }
  return {
    ask: (name, value) =>
      new Promise((resolve, reject) => {
        last += 1
        const id = last
        port.postMessage({ name, id, value })
        const timer = setTimeout(() => settle(waiting, id, { error: packError(silent()) }), patienceMilliseconds)
        waiting.set(id, { resolve, reject, timer })
      }),
    say: (name, value) => port.postMessage({ name, value }),
    close() {
      port.close()
      for (const id of waiting.keys()) settle(waiting, id, { error: packError(gone()) })
    },
  }
}

async function handle(port: MessagePort, handlers: Handlers, { name, id, value }: Record<string, unknown>) {
  const handler = Object.hasOwn(handlers, String(name)) ? handlers[String(name)] : undefined
  try {
    const answer = await handler?.(value)
    if (id !== undefined) port.postMessage({ id, value: answer })
  } catch (error) {
    if (id === undefined) throwLater(error)
    else port.postMessage({ id, error: packError(toWidgetError(error)) })
  }
}

function settle(waiting: Map<number, Waiting>, id: number, { value, error }: Record<string, unknown>): void {
  const one = waiting.get(id)
  clearTimeout(one?.timer)
  waiting.delete(id)
  if (error === undefined) one?.resolve(value)
  else one?.reject(unpackError(error))
}

const silent = () => new WidgetSessionError('network', 'The widget or its page did not answer within 30 seconds.')

export const gone = () => new WidgetSessionError('aborted', 'The widget or its page is gone.')
