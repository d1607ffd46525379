import { CommanderError } from 'commander'
import { createProgram } from './create-program.js'
import type { Io } from './io.js'

/** Runs one command line, without `node` and `hallpass`. Resolves to the exit code and never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  try {
    const program = createProgram(io, (code) => {
      exitCode = code
    })
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // commander has already printed its error
    if (error instanceof CommanderError) return error.exitCode
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
