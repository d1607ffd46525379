import type { ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  /** The item that the button acts on, for screen readers. */
  readonly of?: string
  readonly look?: 'quiet' | 'danger'
  readonly isBusy?: boolean
  readonly onClick: () => void
}

/** A button in a table row or toolbar. */
export function SmallButton({ children, of, look = 'quiet', isBusy = false, onClick }: Props) {
  return (
    <button
      type="button"
      className="button"
      data-look={look}
      data-size="small"
      aria-disabled={isBusy}
      onClick={isBusy ? undefined : onClick}
    >
      {children}
      {of !== undefined && <span className="visually-hidden"> {of}</span>}
    </button>
  )
}
