import { CommanderError } from 'commander'
import { createProgram } from './create-program.js'
import type { Io } from './io.js'

/** Runs one command line, without the words `node` and `hallpass`; resolves to the exit code and never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  try {
    const program = createProgram(io, (code) => {
      exitCode = code
    })
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // commander has already said what it had to say
    if (error instanceof CommanderError) return error.exitCode
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
