import type { Readable } from 'node:stream'

/** Where text goes. */
export interface Sink {
  /** Calls back when there is room for more, for whoever has much to say. */
  readonly write: (text: string, onRoom?: () => void) => void
  /** A person is looking. */
  readonly isTTY: boolean
}

/** Where a body may come from. `none` is a terminal, /dev/null or a closed descriptor: nothing is ever read from those. */
export interface Stdin {
  readonly kind: 'none' | 'file' | 'pipe'
  /** Called only when it is read, because opening a descriptor can keep a process alive. */
  readonly open: () => Readable
}

/** Everything outside of the command line that it touches, so that a test can hand in its own. */
export interface Io {
  readonly stdin: Stdin
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof fetch
  /** Width of help texts, in characters. */
  readonly columns: number
}
