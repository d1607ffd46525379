import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import { toWidgetError, WidgetSessionError } from '../browser/errors.js'
import { after } from '../browser/platform.js'
import { packError, unpackError } from '../browser/portable-error.js'
import { withTimeout } from '../browser/retry.js'
import { throwLater } from '../browser/session-state.js'

/** The methods that the other side can call. */
export type Handlers = Readonly<Record<string, (value: unknown) => unknown>>

/** Calls and notifications over a MessagePort, in both directions. */
export interface PortRpc {
  /** Calls a method and waits up to 30 seconds. Rejects with the other side's error. */
  readonly call: (name: string, value?: unknown) => Promise<unknown>
  /** Calls a method without waiting for a response. */
  readonly notify: (name: string, value?: unknown) => void
  readonly close: () => void
}

interface Answer {
  readonly value?: unknown
  readonly error?: unknown
}

/** Longer than the other side needs for an exchange including retries. */
const timeoutMilliseconds = 30_000

/** Creates an RPC connection over a port, which only the two documents with its ends can read. */
export function createPortRpc(port: MessagePort, handlers: Handlers): PortRpc {
  const waiting = new Map<unknown, (answer: Answer) => void>()
  let last = 0
  port.onmessage = ({ data }) => {
    if (!isPlainObject(data)) return
    if (typeof data.name === 'string') void handle(port, handlers, data)
    else waiting.get(data.id)?.(data)
  }
  return {
    call(name, value) {
      last += 1
      const id = last
      const answer = new Promise((resolve, reject) => {
        waiting.set(id, ({ value, error }) => (error === undefined ? resolve(value) : reject(unpackError(error))))
        port.postMessage({ name, id, value })
      })
      return withTimeout({ after }, answer, timeoutMilliseconds).finally(() => waiting.delete(id))
    },
    notify: (name, value) => port.postMessage({ name, value }),
    close() {
      port.close()
      for (const settle of waiting.values()) settle({ error: packError(closedError()) })
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

export const closedError = () => new WidgetSessionError('aborted', 'The widget was closed.')
