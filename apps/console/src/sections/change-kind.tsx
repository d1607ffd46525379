import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { Issues } from '../parts/issues.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'
import type { Kind } from '../types.js'
import { draftOf } from './kind-draft.js'
import { KindEditor, readDeclaration, type WrittenKind } from './kind-editor.js'

interface Props {
  readonly kind: Kind
  readonly onChanged: () => Promise<unknown>
  readonly onClose: () => void
}

/** Asks for a new declaration of a kind. If someone else has changed it meanwhile, the server refuses. */
export function ChangeKind({ kind, onChanged, onClose }: Props) {
  const hallpass = useHallpass()
  const [written, setWritten] = useState<WrittenKind>(() => draftOf(kind))
  const { isBusy, problem, run } = useAction()
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
    const declaration = readDeclaration(written)
    if (!declaration) return
    const isSaved = await run(async () => {
      await hallpass.admin.kinds.put({ ...declaration, name: kind.name, revision: kind.revision })
      await onChanged()
    })
    if (isSaved) dialog?.close()
  }
  return (
    <Dialog title={`Change “${kind.name}”`} onClose={onClose}>
      <form className="panel-form" onSubmit={save}>
        <p className="quiet">A change affects new tokens.</p>
        <Issues of={problem}>
          <KindEditor written={written} onChange={setWritten} isNew={false} />
        </Issues>
        <Problem error={problem} />
        <button type="submit" className="button" aria-disabled={isBusy}>
          Save
        </button>
      </form>
    </Dialog>
  )
}
