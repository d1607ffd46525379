import { useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'
import type { SecretKey } from '../types.js'
import { Choices } from '../ui/choices.js'

const overlaps = { None: 0, '1 hour': 3600, '1 day': 86_400, '1 week': 604_800 } as const

type Overlap = keyof typeof overlaps

const names = Object.keys(overlaps) as Overlap[]

interface Props {
  readonly secretKey: SecretKey
  readonly onMade: (secret: string) => void
  readonly onClose: () => void
}

/** Asks how long the old key stays valid, then creates its replacement. */
export function RotateSecretKey({ secretKey, onMade, onClose }: Props) {
  const hallpass = useHallpass()
  const [overlap, setOverlap] = useState<Overlap>('1 day')
  const { isBusy, problem, run } = useAction()
  const rotate = () =>
    run(async () => {
      const input = { api_key_id: secretKey.id, overlap_seconds: overlaps[overlap] }
      onMade((await hallpass.admin.apiKeys.rotate(input)).secret)
    })
  return (
    <Dialog title={`Rotate “${secretKey.name}”`} onClose={onClose}>
      <p>
        The new key has the same name and scopes. The old key stays valid during the overlap, so you can deploy the new
        one without downtime.
      </p>
      <Choices label="Overlap" options={names} value={overlap} onChange={setOverlap} />
      <Problem error={problem} />
      <div className="actions">
        <button type="button" className="button" aria-disabled={isBusy} onClick={rotate}>
          Create new key
        </button>
        <button type="button" className="button" data-look="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  )
}
