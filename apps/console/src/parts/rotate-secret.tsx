import { type ReactNode, useState } from 'react'
import { Choices } from '../ui/choices.js'
import { Dialog } from './dialog.js'
import { Problem } from './problem.js'
import { useAction } from './use-action.js'

const overlaps = { None: 0, '1 hour': 3600, '1 day': 86_400, '1 week': 604_800 } as const

type Overlap = keyof typeof overlaps

const names = Object.keys(overlaps) as Overlap[]

interface Props {
  readonly title: string
  /** What happens to the old secret during the overlap. */
  readonly children: ReactNode
  /** The label of the button. */
  readonly action: string
  /** If it rejects, the dialog shows why. */
  readonly onRotate: (overlapSeconds: number) => Promise<void>
  readonly onClose: () => void
}

/** Asks how long an old secret stays valid, then creates its replacement. */
export function RotateSecret({ title, children, action, onRotate, onClose }: Props) {
  const [overlap, setOverlap] = useState<Overlap>('1 day')
  const { isBusy, problem, run } = useAction()
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <Choices label="Overlap" options={names} value={overlap} onChange={setOverlap} />
      <Problem error={problem} />
      <div className="actions">
        <button
          type="button"
          className="button"
          aria-disabled={isBusy}
          onClick={() => run(() => onRotate(overlaps[overlap]))}
        >
          {action}
        </button>
        <button type="button" className="button" data-look="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  )
}
