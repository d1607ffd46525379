/** Who may use a connection: one transaction, or any number of statements in between. */
export interface Turns {
  readonly isHeld: () => boolean
  /** Runs something once no transaction holds the connection. */
  readonly whenFree: <T>(run: () => T) => Promise<T>
  /** The same, and the connection is held from then on, unless `begin` throws. */
  readonly take: (begin: () => void) => Promise<void>
  /** Ends the transaction. Those who waited come first, in their order. */
  readonly release: () => void
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = []
  let held = false
  const runWaiting = () => {
    for (let next = held ? undefined : waiting.shift(); next; next = held ? undefined : waiting.shift()) next()
  }
  const whenFree = <T>(run: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(run())
        } catch (cause) {
          reject(cause)
        }
      })
      runWaiting()
    })
  return {
    isHeld: () => held,
    whenFree,
    take: (begin) =>
      whenFree(() => {
        begin()
        held = true
      }),
    release() {
      held = false
      runWaiting()
    },
  }
}
