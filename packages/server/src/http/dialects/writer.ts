import type { Operation } from '@hallpass/contracts'
import type { HallpassError } from '../../errors.js'
import type { Answer } from '../../execute/outcome.js'

/** A refusal and its request. */
export interface Refused {
  readonly error: HallpassError
  /** Absent if no operation was reached. */
  readonly operation: Operation | undefined
  readonly requestId: string
  /** RFC 3339, UTC. */
  readonly at: string
}

/** How one family of endpoints encodes its responses. */
export interface DialectWriter {
  readonly success: (answer: Answer) => unknown
  readonly refusal: (refused: Refused) => { readonly body: string; readonly headers: Record<string, string> }
}
