import type { Command } from 'commander'
import { UsageError } from './errors.js'
import type { Io } from './io.js'

/** What every command gets. */
export interface Context {
  readonly io: Io
  /** The global flags as they were written. */
  readonly globalOptions: () => Readonly<Record<string, unknown>>
  /** Hands over the exit code. */
  readonly finish: (exitCode: number) => void
}

/** Makes a commander action of something that resolves to an exit code; a UsageError points to the command's help. */
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
