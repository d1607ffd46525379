import { processIo } from './process-io.js'
import { run } from './run.js'

// a reader that has seen enough, such as head, is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

process.exitCode = await run(process.argv.slice(2), processIo())
