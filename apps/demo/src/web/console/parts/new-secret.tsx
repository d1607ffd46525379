import { useState } from 'react'
import { Dialog } from './dialog.js'

/** A new secret, shown this once. */
export function NewSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(secret).then(() => setCopied(true))
  return (
    <Dialog title="The new secret key" onClose={onClose}>
      <p>It is shown once and kept nowhere. Put it where your backend reads it.</p>
      <code className="new-secret">{secret}</code>
      <div className="actions">
        <button type="button" className="button" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="button" data-look="quiet" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  )
}
