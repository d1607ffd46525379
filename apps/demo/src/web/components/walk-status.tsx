import type { Scene } from '../scenes/scene.js'
import type { Walk } from '../use-walk.js'
import { verdictOf } from './step-result.js'

/** Tells, also to those who do not see the page, how the last step went. */
export function WalkStatus({ scenes, walk }: { readonly scenes: readonly Scene[]; readonly walk: Walk }) {
  const steps = scenes.flatMap((scene) => scene.steps)
  const latest = steps.find(({ id }) => id === Object.keys(walk.runs).at(-1))
  const run = latest && walk.runs[latest.id]
  const count = `${Object.keys(walk.runs).length} of ${steps.length} steps`
  return <p role="status">{run ? `${count}. ${latest.title}: ${verdictOf(latest, run)}.` : `${count}.`}</p>
}
