import { useState } from 'react'
import type { DemoSettings } from '../shared/backend-api.js'
import { type Memory, type Scene, type Step, type StepRun, wentRight } from './scenes/scene.js'

/** How far the walk through the scenes has come. */
export interface Walk {
  readonly memory: Memory
  /** The last run of each step, by its id. */
  readonly runs: Readonly<Record<string, StepRun>>
  /** The id of the step that is running. */
  readonly running?: string | undefined
}

const start: Walk = { memory: {}, runs: {} }

/** Keeps the walk and takes its steps, one at a time. */
export function useWalk(settings: DemoSettings) {
  const [walk, setWalk] = useState(start)

  async function take(step: Step, from: Walk): Promise<Walk> {
    setWalk({ ...from, running: step.id })
    const run = await step.run({ settings, memory: from.memory })
    const next = { memory: { ...from.memory, ...run.remember }, runs: { ...from.runs, [step.id]: run } }
    setWalk(next)
    return next
  }

  return {
    walk,
    /** Takes one step; what its scene showed below it came of an earlier run, and goes. */
    takeStep: async (scene: Scene, step: Step) => {
      if (walk.running === undefined) await take(step, { ...walk, runs: runsBefore(walk, scene, step) })
    },
    /** Takes every step from the beginning; stops where one does not go as it should. */
    takeAll: async (scenes: readonly Scene[]) => {
      if (walk.running !== undefined) return
      let at = start
      for (const step of scenes.flatMap(({ steps }) => steps)) {
        at = await take(step, at)
        const run = at.runs[step.id]
        if (!run || !wentRight(step, run)) return
      }
    },
  }
}

function runsBefore({ runs }: Walk, { steps }: Scene, step: Step): Walk['runs'] {
  const stale = steps.slice(steps.indexOf(step)).map(({ id }) => id)
  return Object.fromEntries(Object.entries(runs).filter(([id]) => !stale.includes(id)))
}
