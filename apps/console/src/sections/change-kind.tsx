import { type FormEvent, useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { JsonField, parseJsonObject } from '../parts/json-field.js'
import { Problem } from '../parts/problem.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'
import type { Kind } from '../types.js'
import { type Declaration, declarationText } from './declare-kind.js'

interface Props {
  readonly kind: Kind
  readonly onChanged: () => Promise<unknown>
  readonly onClose: () => void
}

/** Asks for a new declaration of a kind. If someone else has changed it meanwhile, the server refuses. */
export function ChangeKind({ kind, onChanged, onClose }: Props) {
  const hallpass = useHallpass()
  const [text, setText] = useState(() => declarationText(kind))
  const { isBusy, problem, run } = useAction()
  const declaration = parseJsonObject<Declaration>(text)
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const dialog = event.currentTarget.closest('dialog')
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
        <JsonField
          label="New declaration"
          text={text}
          isJson={declaration !== null}
          example="{}"
          hint="Affects new tokens. A shorter ttl_seconds.max also ends tokens that live longer."
          rows={12}
          onChange={setText}
        />
        <Problem error={problem} />
        <button type="submit" className="button" aria-disabled={isBusy}>
          Save
        </button>
      </form>
    </Dialog>
  )
}
