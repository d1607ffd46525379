/** What the caller wrote cannot be used; one line for each fault. Shown with a pointer to the command's help. */
export class UsageError extends Error {
  constructor(...lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'UsageError'
  }
}

/** The command was well written and could not be carried out; one line. */
export class FailedError extends Error {
  constructor(line: string, options?: ErrorOptions) {
    super(line, options)
    this.name = 'FailedError'
  }
}
