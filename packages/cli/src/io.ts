import type { Readable } from 'node:stream'

/** An output stream. */
export interface Sink {
  /** Calls `onRoom` when the stream can take more, which matters for large outputs. */
  readonly write: (text: string, onRoom?: () => void) => void
  /** Whether it is a terminal. */
  readonly isTTY: boolean
}

/** Where a body can come from. `none` is a terminal, /dev/null or a closed descriptor, which are never read. */
export interface Stdin {
  readonly kind: 'none' | 'file' | 'pipe'
  /** Called only to read it, because opening a descriptor can keep a process alive. */
  readonly open: () => Readable
}

/** Everything that the command line uses from its environment, so that tests can replace it. */
export interface Io {
  readonly stdin: Stdin
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof fetch
  /** The width of help texts in characters. */
  readonly columns: number
}
