import type { HallpassError } from '../errors.js'

/** How one operation decides: `check` finds and refuses and changes nothing; `act` does. A repeat with an idempotency key is only checked. */
export interface Rule<Needs, Input, Output, Deciding = Needs> {
  readonly check?: (needs: Needs, input: Input) => Promise<void>
  /** Committed by itself ahead of `act`, for what has to be seen by others before `act` decides. Without `act` it does no harm. */
  readonly announce?: (needs: Needs, input: Input) => Promise<void>
  readonly act: (needs: Deciding, input: Input) => Promise<Output>
  /** Takes up, in this process, what `act` wrote: once that is committed. */
  readonly after?: (needs: Needs, input: Input) => Promise<void>
  /** It ends secret keys: nothing else is administered in their accounts while it decides. */
  readonly isAlone?: boolean
  /** What the history says of it beside the input. */
  readonly alsoRecorded?: (input: Input) => Readonly<Record<string, unknown>>
  /** The refusals that a sandbox fault can ask for, in this rule's own words. */
  readonly asIf?: { readonly already_used: () => HallpassError; readonly revoked: () => HallpassError }
}
