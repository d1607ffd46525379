import type { Command } from 'commander'
import { UsageError } from './errors.js'
import type { Io } from './io.js'

/** What every command receives. */
export interface Context {
  readonly io: Io
  /** The unparsed global flags. */
  readonly globalOptions: () => Readonly<Record<string, unknown>>
  /** Sets the exit code. */
  readonly finish: (exitCode: number) => void
}

/** Wraps a function that resolves to an exit code as a commander action. A UsageError points to the command's help. */
export function actionOf(command: Command, { finish }: Context, perform: () => Promise<number>): () => Promise<void> {
  return async () => {
    try {
      finish(await perform())
    } catch (error) {
      if (error instanceof UsageError) command.error(error.message)
      throw error
    }
  }
}
