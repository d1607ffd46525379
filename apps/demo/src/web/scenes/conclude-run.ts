import type { BackendAnswer } from '../../shared/backend-api.js'
import type { StepRun } from './scene.js'

/** A run out of what was asked: the refusal as it is, or what the step makes of the answer. */
export function concludeRun<T>(asked: BackendAnswer<T>, show: (answer: T) => Omit<StepRun, 'calls'>): StepRun {
  const { calls } = asked
  return 'answer' in asked ? { calls, ...show(asked.answer) } : { calls, refusal: asked.refusal }
}
