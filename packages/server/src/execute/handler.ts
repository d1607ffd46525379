import type { HallpassError } from '../errors.js'

/**
 * How one operation decides. `check` reads and refuses, and changes nothing. `run` makes the change. A repeat with an
 * idempotency key only runs `check`.
 */
export interface Handler<Deps, Input, Output, Deciding = Deps> {
  readonly check?: (deps: Deps, input: Input) => Promise<void>
  /**
   * Committed separately before `run`, for changes that others must see before `run` decides. Harmless without `run`.
   */
  readonly beforeTransaction?: (deps: Deps, input: Input) => Promise<void>
  readonly run: (deps: Deciding, input: Input) => Promise<Output>
  /** Updates this process with what `run` wrote, once that is committed. */
  readonly afterCommit?: (deps: Deps, input: Input) => Promise<void>
  /** Set if `run` ends secret keys or accounts: meanwhile no other administrative change runs in their accounts. */
  readonly isAlone?: boolean
  /** The ids of further accounts that `run` changes. They are locked like the caller's. */
  readonly alsoLocks?: (input: Input) => readonly string[]
  /** What the history contains besides the input. */
  readonly alsoRecorded?: (input: Input) => Readonly<Record<string, unknown>>
  /** The refusals that a sandbox fault can cause, with this operation's own messages. */
  readonly sandboxErrors?: { readonly already_used: () => HallpassError; readonly revoked: () => HallpassError }
}
