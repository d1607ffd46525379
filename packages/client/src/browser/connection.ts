/** One connection. A channel has several after another, if the page is in the back/forward cache in between. */
export interface Connection {
  readonly post: (message: unknown) => void
  readonly close: () => void
}

export type Connect = (name: string, onMessage: (message: unknown) => void) => Connection
