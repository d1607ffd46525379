import { describe, expect, inject, test } from 'vitest'
import { plantedFaults } from './support/planted-faults.js'
import { createReplay } from './support/replay.js'
import type { Trace } from './support/trace.js'
import { isRestarting, keptTraces, tell } from './support/trace-files.js'
import { openWorld } from './support/world.js'

// the project `postgres` has one
const database = inject('postgres') === undefined ? 'sqlite' : 'postgres'
const kept = keptTraces()
// `npm run test:model` replays many more on both
const traces = database === 'sqlite' ? kept : [...kept.slice(0, 6), ...kept.filter(isRestarting).slice(0, 1)]
/** A replay waits for the database more than anything else. */
const timeout = 180_000

/** The first difference in words, or undefined. */
async function replayAll(these: readonly Trace[], options: Partial<Parameters<typeof openWorld>[0]> = {}) {
  const world = await openWorld({ database, ...options })
  const replay = createReplay(world, database === 'sqlite' ? 0 : 1)
  try {
    for (const trace of these) {
      const difference = await replay(trace)
      if (difference) return `${tell(trace, difference.at)}, but the response was ${difference.got}`
    }
    return undefined
  } finally {
    await world.stop()
  }
}

describe('the written model and the server agree', () => {
  test(
    'in traces of calls, over REST and tRPC',
    async () => {
      expect(await replayAll(traces.filter((trace) => !isRestarting(trace)))).toBeUndefined()
    },
    timeout,
  )

  test(
    'in traces with restarts and restores',
    async () => {
      expect(await replayAll(traces.filter(isRestarting), { isRestartable: true })).toBeUndefined()
    },
    timeout,
  )
})

describe.skipIf(database === 'postgres')('a replay finds a mistake in the server', () => {
  test.each(Object.entries(plantedFaults))(
    '%s',
    async (name, plant) => {
      const isRestartable = name.includes('restore')
      const these = traces.filter((trace) => isRestarting(trace) === isRestartable)
      expect(await replayAll(these, { isRestartable, plant })).toMatch(/, but the response was \w+$/)
    },
    timeout,
  )
})
