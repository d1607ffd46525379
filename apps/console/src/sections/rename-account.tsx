import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import type { Account } from '../session/session.js'

interface Props {
  readonly account: Account
  readonly onRename: (name: string) => Promise<boolean>
  readonly onClose: () => void
}

/** Asks for the new name of an account. */
export function RenameAccount({ account, onRename, onClose }: Props) {
  const [name, setName] = useState(account.name)
  const rename = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
    await onRename(name)
    // a problem shows above the table
    dialog?.close()
  }
  return (
    <Dialog title={`Rename “${account.name || account.tenant}”`} onClose={onClose}>
      <form className="inline-form" onSubmit={rename}>
        <label className="field">
          <span>New name</span>
          <input className="input" maxLength={200} value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <button type="submit" className="button">
          Save
        </button>
      </form>
    </Dialog>
  )
}
