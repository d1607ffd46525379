/** A start that cannot go on; the message is one line for whoever started it, empty when it was said already. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
