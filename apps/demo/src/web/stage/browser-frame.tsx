import type { ReactNode } from 'react'

interface Props {
  /** The owner of the page. */
  readonly label: string
  readonly path: string
  readonly children: ReactNode
}

/** A browser window around the host page, which shows where the customer's site begins and ends. */
export function BrowserFrame({ label, path, children }: Props) {
  return (
    <section className="window" aria-label={label}>
      <div className="window-bar" aria-hidden="true">
        <span className="window-dots" />
        <span className="window-address">
          <b>{location.host}</b>
          {path}
        </span>
      </div>
      <div className="window-body">{children}</div>
    </section>
  )
}
