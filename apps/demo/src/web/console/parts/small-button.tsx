import type { ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  /** What it is done to, for those who hear the button without its row. */
  readonly of?: string
  readonly look?: 'quiet' | 'danger'
  readonly isBusy?: boolean
  readonly onClick: () => void
}

/** A button in a row. */
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
