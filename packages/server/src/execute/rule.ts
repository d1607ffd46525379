/** How one operation decides: `check` finds and refuses and changes nothing; `act` does. A repeat with an idempotency key is only checked. */
export interface Rule<Needs, Input, Output> {
  readonly check?: (needs: Needs, input: Input) => Promise<void>
  readonly act: (needs: Needs, input: Input) => Promise<Output>
  /** Takes up, in this process, what `act` wrote: once that is committed. */
  readonly after?: (needs: Needs) => Promise<void>
}
