/** How one operation decides: `check` finds and refuses and changes nothing; `act` does. A repeat with an idempotency key is only checked. */
export interface Rule<Needs, Input, Output> {
  readonly check?: (needs: Needs, input: Input) => Promise<void>
  readonly act: (needs: Needs, input: Input) => Promise<Output>
}
