import { createRequire } from 'node:module'
import type { Io } from './io.js'

/** Tells how far long work has come, on stderr. */
export interface Progress {
  /** `done` of `total` steps, such as rows; both may grow. */
  readonly report: (done: number, total: number) => void
  /** Call it when the work ends, well or not. */
  readonly end: () => void
}

const stepPercent = 10

/** A bar on a terminal that can draw one; elsewhere a plain line at every tenth of the work. `unit` is what is counted, such as `rows`. */
export function startProgress({ stderr, env }: Pick<Io, 'stderr' | 'env'>, what: string, unit: string): Progress {
  return stderr.isTTY && env.TERM !== 'dumb' ? startBar(stderr, what, unit) : startLines(stderr, what, unit)
}

function startBar(stderr: Io['stderr'], what: string, unit: string): Progress {
  // only here, so that no help text waits for it
  const { SingleBar }: typeof import('cli-progress') = createRequire(import.meta.url)('cli-progress')
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}% | {value} of {total} ${unit}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    // of a stream, a bar uses no more than this
    stream: { isTTY: true, write: stderr.write } as unknown as NodeJS.WritableStream,
  })
  let started = false
  return {
    report(done, total) {
      if (!started) bar.start(total, done)
      started = true
      bar.setTotal(total)
      bar.update(done)
    },
    end: () => bar.stop(),
  }
}

function startLines(stderr: Io['stderr'], what: string, unit: string): Progress {
  let told = -1
  return {
    report(done, total) {
      const step = total === 0 ? 0 : Math.floor((done / total) * (100 / stepPercent))
      if (step <= told) return
      told = step
      stderr.write(`${what}: ${done} of ${total} ${unit}\n`)
    },
    end: () => {},
  }
}
