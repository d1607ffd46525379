import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkInvariants, generateTraces } from '../generate.js'
import { createReplay } from '../support/replay.js'
import type { Trace } from '../support/trace.js'
import { tell } from '../support/trace-files.js'
import { openWorld, type World } from '../support/world.js'

/** How many walks without restarts, and the seed of the first thousand. */
const walks = Number(process.env.HALLPASS_MODEL_WALKS ?? 5_000)
const seed = Number(process.env.HALLPASS_MODEL_SEED ?? 1)
const restartingWalks = Math.ceil(walks / 50)
const chunk = 500
const length = 20
const databases = ['sqlite', 'postgres'] as const

test.each(['step', 'stepWithRestores'] as const)('the model keeps its own promises: %s', async (step) => {
  await checkInvariants(500, step)
})

describe.each([
  { step: 'step', walks, isRestartable: false },
  { step: 'stepWithRestores', walks: restartingWalks, isRestartable: true },
] as const)('$walks random walks by $step', ({ step, walks, isRestartable }) => {
  const worlds: World[] = []
  beforeAll(async () => {
    for (const database of databases) worlds.push(await openWorld({ database, isRestartable }))
  })
  afterAll(async () => {
    for (const world of worlds) await world.stop()
  })

  test('have the same responses over REST and tRPC, on SQLite and PostgreSQL', async () => {
    // what goes over REST on one database goes over tRPC on the other
    const replays = worlds.map((world, index) => createReplay(world, index % 2 === 0 ? 0 : 1))
    const distinct = new Set<string>()
    for (let done = 0; done < walks; done += chunk) {
      const wanted = { traces: Math.min(chunk, walks - done), length, seed: seed + done / chunk, step }
      const traces = await generateTraces(wanted)
      await Promise.all(replays.map((replay) => replayAll(replay, traces)))
      for (const trace of traces) distinct.add(JSON.stringify(trace))
    }
    process.stdout.write(`${distinct.size} different walks by ${step}, ${length} calls each, no difference\n`)
  })
})

async function replayAll(replay: ReturnType<typeof createReplay>, traces: readonly Trace[]): Promise<void> {
  for (const trace of traces) {
    const difference = await replay(trace)
    if (difference) expect.fail(`${tell(trace, difference.at)}, but the response was ${difference.got}`)
  }
}
