import { processIo, run } from '../../dist/main.js'

/** Runs several command lines in one process, each followed by its exit code: RUN_EACH is a JSON list of them. */
for (const argv of JSON.parse(process.env.RUN_EACH ?? '[]')) {
  process.stdout.write(`\n=== ${argv.join(' ')} ${await run(argv, processIo())}\n`)
}
