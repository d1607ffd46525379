/** The part of an operation's contract that is needed to show a call as curl, code or command. */
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
