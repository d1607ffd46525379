import type { InputOf, Operations } from '@hallpass/contracts'
import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { JsonField, parseJsonObject } from '../parts/json-field.js'
import { useHallpass } from '../session/session.js'
import type { Kind } from '../types.js'

/** A declaration as the server takes it, which also checks it. */
export type Declaration = InputOf<Operations['admin.kinds.put']>

/** The declaration of a kind as in a file, without what the server counts. */
export function declarationText({ revision: _, disabled: __, ...declaration }: Kind): string {
  return JSON.stringify(declaration, null, 2)
}

/** A form that declares a kind with the text of its file. */
export function DeclareKind({ onMade }: { readonly onMade: () => Promise<unknown> }) {
  const hallpass = useHallpass()
  const [text, setText] = useState('')
  const declaration = parseJsonObject<Declaration>(text)
  const create = async () => {
    if (!declaration) return
    await hallpass.admin.kinds.put(declaration)
    setText('')
    await onMade()
  }
  return (
    <CreateForm title="Declare a kind" verb="Declare" create={create}>
      <JsonField
        label="Declaration"
        text={text}
        isJson={text === '' || declaration !== null}
        example='{"name":"report-viewer","form":"jwt","ttl_seconds":{"default":600,"max":3600}}'
        hint="The text of its file. Form, audience and type never change. A declaration with a name that exists changes that kind."
        rows={12}
        onChange={setText}
      />
    </CreateForm>
  )
}
