import type { Refusal } from '../../../shared/backend-api.js'

interface FailureProps {
  readonly refusal: Refusal
  readonly onClose: () => void
}

/** A final error: the page must reopen the widget with a new token. */
export function Failure({ refusal, onClose }: FailureProps) {
  return (
    <div role="alert">
      <h2>This widget can’t be opened</h2>
      <p>{refusal.message}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  )
}
