import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkInvariants, generateTraces, type Wanted } from '../generate.js'
import { createReplay } from '../support/replay.js'
import type { Trace } from '../support/trace.js'
import { isRestarting, tell } from '../support/trace-files.js'
import { openWorld } from '../support/world.js'

/** How many walks without restarts, and the seed of the first batch. */
const walks = Number(process.env.HALLPASS_MODEL_WALKS ?? 5_000)
const seed = Number(process.env.HALLPASS_MODEL_SEED ?? 1)
const restartingWalks = Math.ceil(walks / 50)
const batch = 1_000
const length = 20
const databases = (['sqlite', 'postgres'] as const).filter((name) =>
  (process.env.HALLPASS_MODEL_DATABASES ?? 'sqlite,postgres').split(',').includes(name),
)

test.each(['step', 'stepWithRestores'] as const)('the model keeps its own promises: %s', async (step) => {
  await checkInvariants(500, step)
})

describe.each([
  { step: 'step', walks },
  { step: 'stepWithRestores', walks: restartingWalks },
] as const)('$walks random walks by $step', ({ step, walks }) => {
  test(`have the same responses over REST and tRPC, on ${databases.join(' and ')}`, async () => {
    const distinct = new Set<string>()
    let next = generate(0, step, walks)
    for (let done = 0; done < walks; done += batch) {
      const traces = await next
      // the simulator makes the next ones meanwhile
      next = generate(done + batch, step, walks)
      const report = (database: string, replayed: number) =>
        process.stdout.write(
          `${new Date().toISOString()} ${database}, ${step}: ${done + replayed} without a difference\n`,
        )
      await Promise.all(databases.map((database, phase) => replayAll({ database, phase, traces, report })))
      for (const trace of traces) distinct.add(createHash('sha1').update(JSON.stringify(trace)).digest('base64'))
    }
    process.stdout.write(`${distinct.size} different walks by ${step}, ${length} calls each, no difference\n`)
  })
})

async function generate(done: number, step: Wanted['step'], walks: number): Promise<Trace[]> {
  const traces = Math.min(batch, walks - done)
  return traces > 0 ? generateTraces({ traces, length, seed: seed + done / batch, step }) : []
}

interface Batch {
  readonly database: (typeof databases)[number]
  /** What goes over REST in an even phase goes over tRPC in an odd one. */
  readonly phase: number
  readonly traces: readonly Trace[]
  readonly report: (database: string, replayed: number) => void
}

async function replayAll({ database, phase, traces, report }: Batch): Promise<void> {
  // a new one for each batch: nothing sweeps it, and it would grow
  const world = await openWorld({ database, isRestartable: traces.some(isRestarting) })
  try {
    const replay = createReplay(world, phase % 2 === 0 ? 0 : 1)
    for (const [index, trace] of traces.entries()) {
      const difference = await replay(trace)
      if (difference) expect.fail(`${tell(trace, difference.at)}, but the response was ${difference.got}`)
      if ((index + 1) % 100 === 0 || index + 1 === traces.length) report(database, index + 1)
    }
  } finally {
    await world.stop()
  }
}
