import type { ClientKeyPatch } from '@hallpass/contracts'
import { type FormEvent, useState } from 'react'
import './appearance-form.css'
import type { ClientKey } from '../types.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

const corners = { br: 'bottom right', bl: 'bottom left', tr: 'top right', tl: 'top left' } as const
const colours = { primary_color: 'First colour', accent_color: 'Second colour' } as const
const words = { launcher_label: 'On the launcher', greeting: 'Greeting', privacy_notice: 'Privacy notice' } as const

/** How the widget of a client key looks, and what it says. Pages hear of it within a minute, when they ask for the config again. */
export function AppearanceForm({ clientKey, isBusy, onChange }: Props) {
  const [branding, setBranding] = useState(clientKey.branding)
  const [copy, setCopy] = useState(clientKey.copy)
  const [isSaved, setSaved] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) setSaved(await onChange({ branding, copy: withoutEmpty(copy) }))
  }
  return (
    <details className="appearance">
      <summary>Looks and words</summary>
      <form onSubmit={save} onChange={() => setSaved(false)}>
        <BrandingFields branding={branding} onChange={setBranding} />
        <CopyFields copy={copy} onChange={setCopy} />
        <button type="submit" className="button" data-look="quiet" data-size="small" aria-disabled={isBusy}>
          Save the looks<span className="visually-hidden"> of {clientKey.name}</span>
        </button>
        <span role="status">{isSaved ? 'Saved.' : ''}</span>
      </form>
    </details>
  )
}

interface BrandingProps {
  readonly branding: ClientKey['branding']
  readonly onChange: (branding: ClientKey['branding']) => void
}

function BrandingFields({ branding, onChange }: BrandingProps) {
  return (
    <>
      {entriesOf(colours).map(([name, label]) => (
        <label key={name} className="field">
          <span>{label}</span>
          <input
            type="color"
            value={longHex(branding[name])}
            onChange={({ target }) => onChange({ ...branding, [name]: target.value })}
          />
        </label>
      ))}
      <label className="field">
        <span>Corner of the launcher</span>
        <select
          className="input"
          value={branding.launcher_position}
          // the options are all there is
          onChange={({ target }) => onChange({ ...branding, launcher_position: target.value as keyof typeof corners })}
        >
          {entriesOf(corners).map(([corner, label]) => (
            <option key={corner} value={corner}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

interface CopyProps {
  readonly copy: ClientKey['copy']
  readonly onChange: (copy: ClientKey['copy']) => void
}

function CopyFields({ copy, onChange }: CopyProps) {
  return entriesOf(words).map(([name, label]) => (
    <label key={name} className="field appearance-words">
      <span>{label}</span>
      <input
        className="input"
        maxLength={1024}
        value={copy[name] ?? ''}
        onChange={({ target }) => onChange({ ...copy, [name]: target.value })}
      />
    </label>
  ))
}

/** A notice that was emptied is none. */
function withoutEmpty({ privacy_notice, ...copy }: ClientKey['copy']): ClientKey['copy'] {
  return privacy_notice ? { ...copy, privacy_notice } : copy
}

/** The browser's own field takes six digits only. */
const longHex = (colour: string) => (colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour)

// the tables above have exactly these keys
const entriesOf = <K extends string>(table: Readonly<Record<K, string>>) => Object.entries(table) as [K, string][]
