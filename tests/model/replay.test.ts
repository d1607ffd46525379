import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createPlanting, plantedFaults } from './support/planted-faults.js'
import { createReplay } from './support/replay.js'
import type { Trace } from './support/trace.js'
import { isRestarting, keptTraces, tell } from './support/trace-files.js'
import { openWorld, type World } from './support/world.js'

// the project `postgres` has one
const database = inject('postgres') === undefined ? 'sqlite' : 'postgres'
const kept = keptTraces()
// `npm run test:model` replays many more on both
const traces = database === 'sqlite' ? kept : [...kept.slice(0, 6), ...kept.filter(isRestarting).slice(0, 1)]
/** A replay waits for the database more than anything else. */
const timeout = 180_000

describe.each([
  { what: 'calls, over REST and tRPC', isRestartable: false },
  { what: 'calls, with restarts and restores', isRestartable: true },
])('traces of $what', ({ isRestartable }) => {
  const planting = createPlanting()
  const these = traces.filter((trace) => isRestarting(trace) === isRestartable)
  const faults = Object.keys(plantedFaults).filter((name) => name.includes('restore') === isRestartable)
  let world: World
  let replay: (trace: Trace) => ReturnType<ReturnType<typeof createReplay>>
  beforeAll(async () => {
    world = await openWorld({ database, isRestartable, plant: planting.plant })
    replay = createReplay(world, database === 'sqlite' ? 0 : 1)
  }, timeout)
  afterAll(() => world.stop(), timeout)

  /** The first difference in words, or undefined. */
  async function replayAll(): Promise<string | undefined> {
    for (const trace of these) {
      const difference = await replay(trace)
      if (difference) return `${tell(trace, difference.at)}, but the response was ${difference.got}`
    }
    return undefined
  }

  test(
    'have the responses that the model expects',
    async () => {
      expect(await replayAll()).toBeUndefined()
    },
    timeout,
  )

  test.skipIf(database === 'postgres').each(faults)(
    'find that %s',
    async (fault) => {
      planting.set(fault)
      try {
        expect(await replayAll()).toMatch(/, but the response was \w+$/)
      } finally {
        planting.set(undefined)
      }
    },
    timeout,
  )
})
