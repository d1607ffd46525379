/** What one side does for the other. */
// biome-ignore lint/suspicious/noExplicitAny: each method has its own arguments and result
export type Methods = Readonly<Record<string, (...args: any[]) => Promise<unknown>>>

/** One side of a connection between two processes that call each other's methods. */
export interface IpcRpc<Theirs extends Methods> {
  readonly call: <Name extends keyof Theirs & string>(
    name: Name,
    ...args: Parameters<Theirs[Name]>
  ) => Promise<Awaited<ReturnType<Theirs[Name]>>>
  /** Handles a message from the other side. */
  readonly handleMessage: (message: Message) => Promise<void>
  /** Rejects all pending calls, because the other process has exited. */
  readonly end: () => void
}

export type Message =
  | { readonly call: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly result: number; readonly value?: unknown; readonly error?: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export function createIpcRpc<Theirs extends Methods>(
  send: (message: Message) => void,
  methods: Methods,
): IpcRpc<Theirs> {
  const waiting = new Map<number, Waiting>()
  let nextId = 0
  const call = (name: string, ...args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(nextId, { resolve, reject })
      send({ call: nextId++, name, args })
    })
  return {
    // the result has the type of the other side's method of this name
    call: call as IpcRpc<Theirs>['call'],
    async handleMessage(message) {
      if ('call' in message) return send({ result: message.call, ...(await runMethod(methods, message)) })
      const caller = waiting.get(message.result)
      waiting.delete(message.result)
      if (message.error === undefined) caller?.resolve(message.value)
      else caller?.reject(new Error(message.error))
    },
    end() {
      for (const { reject } of waiting.values()) reject(new Error('The other process has exited.'))
      waiting.clear()
    },
  }
}

async function runMethod(methods: Methods, { name, args }: Extract<Message, { call: number }>) {
  try {
    return { value: await methods[name]?.(...args) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
