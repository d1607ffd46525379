import { Checks } from '../parts/checks.js'
import { NumberField, SelectField, TextField } from '../parts/fields.js'
import { JsonField } from '../parts/json-field.js'
import { parseJsonObject } from '../parts/parse-json-object.js'
import type { KindDraft } from './kind-draft.js'

const forms = { jwt: 'jwt', opaque: 'opaque' } as const
const resources = { none: 'none', optional: 'optional', required: 'required' } as const
const minters = ['secret_key', 'client_key'] as const
const dayInSeconds = 86_400

interface Props {
  readonly draft: KindDraft
  readonly onChange: (draft: KindDraft) => void
  /** Whether it is declared now. Later, some fields never change. */
  readonly isNew: boolean
}

/** The fields of a declaration, each with what the server finds wrong with it. */
export function KindFields({ draft, onChange, isNew }: Props) {
  const set = (change: Partial<KindDraft>) => onChange({ ...draft, ...change })
  const field = (key: Exclude<keyof KindDraft, 'form' | 'resource' | 'mintedBy'>, name: string, label: string) => ({
    name,
    label,
    value: draft[key],
    onChange: (value: string) => set({ [key]: value }),
  })
  return (
    <div className="field-grid">
      {isNew && (
        <TextField
          {...field('name', 'name', 'Name')}
          isRequired
          placeholder="report-viewer"
          hint="Lower-case letters, digits and hyphens. Never changes."
        />
      )}
      <TextField {...field('title', 'title', 'Title')} hint="For people; has no effect." />
      {isNew && (
        <SelectField
          label="Form"
          name="form"
          options={forms}
          hint="A jwt can be verified offline. Never changes."
          value={draft.form}
          onChange={(form) => set({ form })}
        />
      )}
      <NumberField
        {...field('defaultTtl', 'ttl_seconds.default', 'Lifetime')}
        isRequired
        min={10}
        max={dayInSeconds}
        hint="Seconds, if a mint asks for none."
      />
      <NumberField
        {...field('maxTtl', 'ttl_seconds.max', 'Longest lifetime')}
        isRequired
        min={10}
        max={dayInSeconds}
        hint="Seconds. A shorter one also ends tokens that live longer."
      />
      <NumberField {...field('uses', 'uses', 'Uses')} min={1} max={1000} placeholder="any number" />
      <NumberField
        {...field('start', 'start_within_seconds', 'First use within')}
        min={1}
        max={dayInSeconds}
        placeholder="no limit"
        hint="Seconds after the mint."
      />
      <TextField
        {...field('actions', 'actions', 'Actions')}
        placeholder="view, export"
        hint="What a token can permit, separated by commas."
      />
      <SelectField
        label="Resource"
        name="resource"
        options={resources}
        hint="Whether a token names what it is for."
        value={draft.resource}
        onChange={(resource) => set({ resource })}
      />
      {isNew && (
        <>
          <TextField
            {...field('audience', 'audience', 'Audience')}
            placeholder="the name"
            hint="The claim aud. Never changes."
          />
          <TextField
            {...field('typ', 'typ', 'Token type')}
            placeholder="the name and +jwt"
            hint="JWT and at+jwt need an audience. An opaque token has none."
          />
        </>
      )}
      <Checks
        label="Minted by"
        name="minted_by"
        options={minters}
        chosen={draft.mintedBy}
        onChange={(mintedBy) => set({ mintedBy: [...mintedBy] })}
      />
      <JsonField
        {...field('claims', 'claims', 'Claims')}
        text={draft.claims}
        isJson={draft.claims.trim() === '' || parseJsonObject(draft.claims) !== null}
        example='{"type":"object","properties":{"rows":{"type":"integer"}}}'
        hint="A JSON Schema of the claims that a mint can add. If empty, it can add none."
        rows={6}
      />
    </div>
  )
}
