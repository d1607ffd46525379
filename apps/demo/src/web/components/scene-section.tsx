import type { Scene, Step } from '../scenes/scene.js'
import type { Walk } from '../use-walk.js'
import { StepCard } from './step-card.js'

interface Props {
  readonly scene: Scene
  readonly walk: Walk
  readonly onTake: (scene: Scene, step: Step) => void
}

/** One token flow, step by step. */
export function SceneSection({ scene, walk, onTake }: Props) {
  const headingId = `${scene.id}-heading`
  return (
    <section id={scene.id} className="scene" aria-labelledby={headingId}>
      <h2 id={headingId}>{scene.title}</h2>
      <p className="scene-about">{scene.about}</p>
      <ol className="steps">
        {scene.steps.map((step) => (
          <StepCard key={step.id} step={step} walk={walk} onTake={() => onTake(scene, step)} />
        ))}
      </ol>
    </section>
  )
}
