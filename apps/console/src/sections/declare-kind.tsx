import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { useHallpass } from '../session/session.js'
import { draftOf } from './kind-draft.js'
import { KindEditor, readDeclaration, type WrittenKind } from './kind-editor.js'

const empty = draftOf({})

/** A form that declares a kind. */
export function DeclareKind({ onMade }: { readonly onMade: () => Promise<unknown> }) {
  const hallpass = useHallpass()
  const [written, setWritten] = useState<WrittenKind>(empty)
  const create = async () => {
    const declaration = readDeclaration(written)
    if (!declaration) return
    await hallpass.admin.kinds.put(declaration)
    setWritten(empty)
    await onMade()
  }
  return (
    <CreateForm title="Declare a kind" verb="Declare" create={create}>
      <KindEditor written={written} onChange={setWritten} isNew />
    </CreateForm>
  )
}
