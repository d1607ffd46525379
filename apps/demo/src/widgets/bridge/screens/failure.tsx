import type { Refusal } from '../../../shared/backend-api.js'

interface FailureProps {
  readonly refusal: Refusal
  readonly onClose: () => void
}

/** Nothing can be done here: the page has to open the widget anew, with a new token. */
export function Failure({ refusal, onClose }: FailureProps) {
  return (
    <div role="alert">
      <h2>This cannot be opened</h2>
      <p>{refusal.message}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  )
}
