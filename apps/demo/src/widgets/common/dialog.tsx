import type { ReactNode } from 'react'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The dialog that contains a widget. Escape and the close button close it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: handles keys that bubble up from the controls inside
    <div className="backdrop" onKeyDown={({ key }) => key === 'Escape' && onClose()}>
      <main className="sheet" aria-labelledby="title">
        <header className="sheet-header">
          <h1 id="title">{title}</h1>
          <button type="button" className="close" aria-label="Close" onClick={onClose}>
            ×
          </button>
        </header>
        <div className="sheet-body">{children}</div>
        <footer className="sheet-footer">Sandbox: no bank is contacted, and no money moves.</footer>
      </main>
    </div>
  )
}
