import type { PaykeyResponse } from '../../../shared/bridge-api.js'

interface ResultProps {
  readonly paykey: PaykeyResponse
  readonly onDone: () => void
  readonly onRetry: () => void
}

const texts = {
  active: { title: 'Bank connected', text: 'You can pay with' },
  review: { title: 'Bank connected, review pending', text: 'Before your first payment, we’ll review' },
  rejected: { title: 'This account couldn’t be connected', text: 'The bank didn’t confirm' },
} as const

export function Result({ paykey: { data }, onDone, onRetry }: ResultProps) {
  const { title, text } = texts[data.status]
  const isRejected = data.status === 'rejected'
  return (
    <div role="status">
      <span className="mark" data-kind={data.status} aria-hidden="true">
        {isRejected ? '!' : '✓'}
      </span>
      <h2>{title}</h2>
      <p>
        {text} <strong>{data.label}</strong>.
      </p>
      <div className="actions">
        <button type="button" className="primary" onClick={isRejected ? onRetry : onDone}>
          {isRejected ? 'Try another account' : 'Continue'}
        </button>
      </div>
    </div>
  )
}
