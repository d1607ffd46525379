import { processIo } from './process-io.js'
import { run } from './run.js'

export { processIo, run }

/** The command `hallpass`. */
export async function main(): Promise<void> {
  // a reader that closes the pipe early, such as head, is not an error
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1)
  })
  process.exitCode = await run(process.argv.slice(2), processIo())
}
