import { processIo } from '../process-io.js'
import { run } from '../run.js'

/** Runs one command line after the other in this process, each with its exit code behind it: RUN_EACH is a JSON list of them. */
const lines: readonly (readonly string[])[] = JSON.parse(process.env.RUN_EACH ?? '[]')
for (const argv of lines) process.stdout.write(`\n=== ${argv.join(' ')} ${await run(argv, processIo())}\n`)
