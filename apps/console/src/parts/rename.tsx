import { type FormEvent, useState } from 'react'
import { Dialog } from './dialog.js'

interface Props {
  /** What the question calls it. */
  readonly label: string
  readonly name: string
  readonly onRename: (name: string) => Promise<boolean>
  readonly onClose: () => void
}

/** Asks for a new name. */
export function Rename({ label, name: current, onRename, onClose }: Props) {
  const [name, setName] = useState(current)
  const rename = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
    await onRename(name)
    // a problem shows above the table
    dialog?.close()
  }
  return (
    <Dialog title={`Rename “${label}”`} onClose={onClose}>
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
