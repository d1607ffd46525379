/** What one side does for the other when it is asked. */
// biome-ignore lint/suspicious/noExplicitAny: each duty has arguments and a result of its own
export type Duties = Readonly<Record<string, (...args: any[]) => Promise<unknown>>>

/** One side of a conversation between two processes, by question and answer. */
export interface Conversation<Theirs extends Duties> {
  readonly ask: <Name extends keyof Theirs & string>(
    name: Name,
    ...args: Parameters<Theirs[Name]>
  ) => Promise<Awaited<ReturnType<Theirs[Name]>>>
  /** Takes a message of the other side. */
  readonly hear: (message: Message) => Promise<void>
  /** The other side is gone: whatever was asked fails. */
  readonly end: () => void
}

export type Message =
  | { readonly ask: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly answer: number; readonly value?: unknown; readonly error?: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export function converse<Theirs extends Duties>(
  send: (message: Message) => void,
  duties: Duties,
): Conversation<Theirs> {
  const waiting = new Map<number, Waiting>()
  let asked = 0
  const ask = (name: string, ...args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(asked, { resolve, reject })
      send({ ask: asked++, name, args })
    })
  return {
    // what comes back is what the other side's duty of this name gives
    ask: ask as Conversation<Theirs>['ask'],
    async hear(message) {
      if ('ask' in message) return send({ answer: message.ask, ...(await perform(duties, message)) })
      const asker = waiting.get(message.answer)
      waiting.delete(message.answer)
      if (message.error === undefined) asker?.resolve(message.value)
      else asker?.reject(new Error(message.error))
    },
    end() {
      for (const { reject } of waiting.values()) reject(new Error('the other process is gone'))
      waiting.clear()
    },
  }
}

async function perform(duties: Duties, { name, args }: Extract<Message, { ask: number }>) {
  try {
    return { value: await duties[name]?.(...args) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
