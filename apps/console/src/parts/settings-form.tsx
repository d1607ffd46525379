import { type FormEvent, type ReactNode, useState } from 'react'
import './settings-form.css'

interface Props {
  readonly title: string
  /** The item that the settings belong to, for screen readers. */
  readonly of: string
  /** The text of the button. */
  readonly verb: string
  readonly isBusy: boolean
  /** Resolves to whether it was saved. */
  readonly onSave: () => Promise<boolean>
  readonly children: ReactNode
  /** Further buttons. */
  readonly actions?: ReactNode
}

/** A form behind its title, which says when it was saved. */
export function SettingsForm({ title, of, verb, isBusy, onSave, children, actions }: Props) {
  const [isSaved, setSaved] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) setSaved(await onSave())
  }
  return (
    <details className="settings">
      <summary>{title}</summary>
      <form onSubmit={save} onChange={() => setSaved(false)}>
        {children}
        <div className="actions settings-wide">
          <button type="submit" className="button" data-look="quiet" data-size="small" aria-disabled={isBusy}>
            {verb}
            <span className="visually-hidden"> of {of}</span>
          </button>
          {actions}
          <span role="status">{isSaved ? 'Saved.' : ''}</span>
        </div>
      </form>
    </details>
  )
}
