import { JsonField } from '../parts/json-field.js'
import { parseJsonObject } from '../parts/parse-json-object.js'
import { Choices } from '../ui/choices.js'
import { type Declaration, declarationOf, draftOf, type KindDraft } from './kind-draft.js'
import { KindFields } from './kind-fields.js'

/** A declaration in fields, or as the text of its file. */
export type WrittenKind = KindDraft | string

const ways = ['fields', 'JSON'] as const

interface Props {
  readonly written: WrittenKind
  readonly onChange: (written: WrittenKind) => void
  readonly isNew: boolean
}

/** Writes a declaration in fields or as JSON. What is written goes along from one to the other. */
export function KindEditor({ written, onChange, isNew }: Props) {
  const declaration = readDeclaration(written)
  const isText = typeof written === 'string'
  const switchWay = () => {
    // what isn't JSON has to be corrected first
    if (declaration) onChange(isText ? draftOf(declaration) : JSON.stringify(declaration, null, 2))
  }
  return (
    <>
      <Choices label="Write it as" options={ways} value={isText ? 'JSON' : 'fields'} onChange={switchWay} />
      {isText ? (
        <JsonField
          label="Declaration"
          text={written}
          isJson={declaration !== undefined}
          example='{"name":"report-viewer","form":"jwt","ttl_seconds":{"default":600,"max":3600}}'
          hint="The text of its file."
          rows={12}
          onChange={onChange}
        />
      ) : (
        <KindFields draft={written} onChange={onChange} isNew={isNew} />
      )}
    </>
  )
}

/** Undefined if something isn’t JSON. */
export function readDeclaration(written: WrittenKind): Declaration | undefined {
  return typeof written === 'string' ? (parseJsonObject<Declaration>(written) ?? undefined) : declarationOf(written)
}
