import { type ReactNode, useState } from 'react'
import { NumberField, TextField } from '../parts/fields.js'
import { JsonField } from '../parts/json-field.js'
import { parseJsonObject } from '../parts/parse-json-object.js'
import { SettingsForm } from '../parts/settings-form.js'
import type { Issuer } from '../types.js'

interface Props {
  /** The issuer to change. Without it, the form adds one. */
  readonly issuer?: Issuer
  /** What a new issuer is added to, for screen readers. */
  readonly of?: string
  readonly isBusy: boolean
  readonly onSave: (issuer: Issuer) => Promise<boolean>
  readonly actions?: ReactNode
}

/** An issuer as the form holds it: only text. */
const draftOf = (issuer: Issuer | undefined) => ({
  issuer: issuer?.issuer ?? '',
  jwksUri: issuer?.jwks_uri ?? '',
  jwks: issuer?.jwks === undefined ? '' : JSON.stringify(issuer.jwks, null, 2),
  audience: issuer?.audience ?? '',
  subject: issuer?.subject_claim ?? 'sub',
  displayName: issuer?.claims?.display_name ?? '',
  email: issuer?.claims?.email ?? '',
  traits: issuer?.claims?.traits?.join(', ') ?? '',
  maxAge: String(issuer?.max_age ?? 300),
})

type Draft = ReturnType<typeof draftOf>

/** Adds or changes an identity provider of a client key. */
export function IssuerForm({ issuer, of = '', isBusy, onSave, actions }: Props) {
  const [draft, setDraft] = useState(() => draftOf(issuer))
  const [isJson, setJson] = useState(true)
  const set = (change: Partial<Draft>) => setDraft((known) => ({ ...known, ...change }))
  const save = async () => {
    const read = issuerOf(draft)
    setJson(read !== undefined)
    return read !== undefined && (await onSave(read))
  }
  const field = (name: keyof Draft, label: string) => ({
    label,
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
  })
  return (
    <SettingsForm
      title={issuer ? issuer.issuer : 'Add an issuer'}
      of={issuer ? issuer.issuer : of}
      verb={issuer ? 'Save issuer' : 'Add issuer'}
      isBusy={isBusy}
      onSave={save}
      actions={actions}
    >
      <TextField
        {...field('issuer', 'Issuer')}
        isWide
        isRequired
        placeholder="https://login.example.com"
        hint="The exact claim iss."
      />
      <TextField
        {...field('jwksUri', 'URL of its keys')}
        isWide
        placeholder="https://login.example.com/.well-known/jwks.json"
        hint="Give this URL or the public keys."
      />
      <JsonField
        label="Public keys"
        text={draft.jwks}
        isJson={isJson}
        example='{"keys": [{"kty": "EC", …}]}'
        onChange={(jwks) => set({ jwks })}
      />
      <TextField
        {...field('audience', 'Audience')}
        isWide
        isRequired
        hint="The claim aud must equal or contain it. For an ID token, it is the client id of your page."
      />
      <TextField {...field('subject', 'Claim of the user’s id')} isRequired />
      <TextField {...field('displayName', 'Claim of the display name')} placeholder="none" />
      <TextField {...field('email', 'Claim of the email address')} placeholder="none" />
      <TextField
        {...field('traits', 'Claims that become traits')}
        placeholder="plan, country"
        hint="Separated by commas."
      />
      <NumberField {...field('maxAge', 'Accepted for')} isRequired min={1} max={86_400} hint="Seconds after iat." />
    </SettingsForm>
  )
}

/** Undefined if the public keys aren’t JSON. The server checks everything else. */
function issuerOf(draft: Draft): Issuer | undefined {
  const jwks = draft.jwks.trim() === '' ? undefined : parseJsonObject<NonNullable<Issuer['jwks']>>(draft.jwks)
  if (jwks === null) return undefined
  const traits = draft.traits.split(',').map((claim) => claim.trim())
  return {
    issuer: draft.issuer.trim(),
    ...(draft.jwksUri.trim() === '' ? {} : { jwks_uri: draft.jwksUri.trim() }),
    ...(jwks === undefined ? {} : { jwks }),
    audience: draft.audience.trim(),
    subject_claim: draft.subject.trim(),
    claims: {
      ...(draft.displayName.trim() === '' ? {} : { display_name: draft.displayName.trim() }),
      ...(draft.email.trim() === '' ? {} : { email: draft.email.trim() }),
      traits: traits.filter((claim) => claim !== ''),
    },
    max_age: Number(draft.maxAge),
  }
}
