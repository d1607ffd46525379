import { useState } from 'react'
import { Dialog } from './dialog.js'

/** Shows a new secret, which can't be retrieved later. */
export function NewSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(secret).then(() => setCopied(true))
  return (
    <Dialog title="New secret" onClose={onClose}>
      <p>Copy this secret now and store it in your backend’s configuration. You can’t see it again.</p>
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
