import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import { toWidgetError, WidgetSessionError } from '../browser/errors.js'
import { packError, unpackError } from '../browser/portable-error.js'
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

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: WidgetSessionError) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** Longer than the other side needs for an exchange including retries. */
const timeoutMilliseconds = 30_000

/** Creates an RPC connection over a port, which only the two documents with its ends can read. */
export function createPortRpc(port: MessagePort, handlers: Handlers): PortRpc {
  const waiting = new Map<number, Waiting>()
  let last = 0
  port.onmessage = ({ data }) => {
    if (!isPlainObject(data)) return
    if (typeof data.name === 'string') void handle(port, handlers, data)
    else if (typeof data.id === 'number') settle(waiting, data.id, data)
  }
  return {
    call: (name, value) =>
      new Promise((resolve, reject) => {
        last += 1
        const id = last
        port.postMessage({ name, id, value })
        const timer = setTimeout(() => settle(waiting, id, { error: packError(timeoutError()) }), timeoutMilliseconds)
        waiting.set(id, { resolve, reject, timer })
      }),
    notify: (name, value) => port.postMessage({ name, value }),
    close() {
      port.close()
      for (const id of waiting.keys()) settle(waiting, id, { error: packError(closedError()) })
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

const timeoutError = () => new WidgetSessionError('network', 'No response within 30 seconds.')

export const closedError = () => new WidgetSessionError('aborted', 'The widget was closed.')
