import { createRequire } from 'node:module'
import type { Io } from './io.js'

/** Reports the progress of long work on stderr. */
export interface Progress {
  /** `done` of `total` steps, such as rows. Both can grow. */
  readonly report: (done: number, total: number) => void
  /** Call it when the work ends, even if it fails. */
  readonly end: () => void
}

const stepPercent = 10

/** Shows a bar on a terminal that can draw one, and otherwise a line for every 10%. `unit` is what is counted, such as `rows`. */
export function startProgress({ stderr, env }: Pick<Io, 'stderr' | 'env'>, what: string, unit: string): Progress {
  return stderr.isTTY && env.TERM !== 'dumb' ? startBar(stderr, what, unit) : startLines(stderr, what, unit)
}

function startBar(stderr: Io['stderr'], what: string, unit: string): Progress {
  // loaded on demand, so that help texts print faster
  const { SingleBar }: typeof import('cli-progress') = createRequire(import.meta.url)('cli-progress')
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}% | {value} of {total} ${unit}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    // a bar uses only these members of a stream
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
  let lastStep = -1
  return {
    report(done, total) {
      const step = total === 0 ? 0 : Math.floor((done / total) * (100 / stepPercent))
      if (step <= lastStep) return
      lastStep = step
      stderr.write(`${what}: ${done} of ${total} ${unit}\n`)
    },
    end: () => {},
  }
}
