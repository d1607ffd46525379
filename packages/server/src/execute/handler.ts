import type { HallpassError } from '../errors.js'

/** How one operation decides: `check` finds and refuses and changes nothing; `run` does. A repeat with an idempotency key is only checked. */
export interface Handler<Deps, Input, Output, Deciding = Deps> {
  readonly check?: (deps: Deps, input: Input) => Promise<void>
  /** Committed by itself ahead of `run`, for what has to be seen by others before `run` decides. Without `run` it does no harm. */
  readonly beforeTransaction?: (deps: Deps, input: Input) => Promise<void>
  readonly run: (deps: Deciding, input: Input) => Promise<Output>
  /** Takes up, in this process, what `run` wrote: once that is committed. */
  readonly afterCommit?: (deps: Deps, input: Input) => Promise<void>
  /** It ends secret keys: nothing else is administered in their accounts while it decides. */
  readonly isAlone?: boolean
  /** What the history says of it beside the input. */
  readonly alsoRecorded?: (input: Input) => Readonly<Record<string, unknown>>
  /** The refusals that a sandbox fault can ask for, in this rule's own words. */
  readonly sandboxErrors?: { readonly already_used: () => HallpassError; readonly revoked: () => HallpassError }
}
