import { useId } from 'react'
import type { Step } from '../scenes/scene.js'
import type { Walk } from '../use-walk.js'
import { StepResult } from './step-result.js'

interface Props {
  readonly step: Step
  readonly walk: Walk
  readonly onTake: () => void
}

/** One step: what it is about, the button that takes it, and how it went. */
export function StepCard({ step, walk, onTake }: Props) {
  const hintId = useId()
  const waitsFor = step.waitsFor?.(walk.memory)
  const isBlocked = waitsFor !== undefined || walk.running !== undefined
  const run = walk.runs[step.id]
  return (
    <li className="step">
      <div className="step-about">
        <h3>{step.title}</h3>
        <p>{step.about}</p>
        {/* a button that is disabled for a moment would lose the focus, so it only says that it is */}
        <button
          type="button"
          aria-disabled={isBlocked}
          aria-describedby={waitsFor === undefined ? undefined : hintId}
          onClick={isBlocked ? undefined : onTake}
        >
          {walk.running === step.id ? 'Running…' : 'Run'}
          <span className="visually-hidden">: {step.title}</span>
        </button>
        {waitsFor !== undefined && (
          <p id={hintId} className="hint">
            {run ? 'To run again it' : 'It'} needs {waitsFor} first.
          </p>
        )}
      </div>
      {run ? <StepResult step={step} run={run} /> : <p className="result result-empty">Not run yet.</p>}
    </li>
  )
}
