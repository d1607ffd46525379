/** What is needed of an operation to write a call of it out: made from the contracts. */
export interface OperationSketch {
  readonly id: string
  /** The documented method and path; `{name}` is a path parameter. */
  readonly method: string
  readonly path: string
  readonly pathFields: readonly string[]
  readonly queryFields: readonly string[]
  readonly body: 'json' | 'form' | 'ignored'
  readonly needsSecretKey: boolean
}
