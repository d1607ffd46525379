/** Invalid flags or input, with one line for each issue. Printed with a pointer to the command's help. */
export class UsageError extends Error {
  constructor(...lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'UsageError'
  }
}

/** A valid command that failed. The message is one line. */
export class FailedError extends Error {
  constructor(line: string, options?: ErrorOptions) {
    super(line, options)
    this.name = 'FailedError'
  }
}
