import type { ClientKeyPatch } from '@hallpass/contracts'
import { useState } from 'react'
import { SettingsForm } from '../parts/settings-form.js'
import type { ClientKey } from '../types.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

const corners = { br: 'bottom right', bl: 'bottom left', tr: 'top right', tl: 'top left' } as const
const colors = { primary_color: 'Primary color', accent_color: 'Accent color' } as const
const texts = { launcher_label: 'Launcher label', greeting: 'Greeting', privacy_notice: 'Privacy notice' } as const

/** The colors and texts of a client key's widget. Pages pick up changes within a minute, when they reload the config. */
export function AppearanceForm({ clientKey, isBusy, onChange }: Props) {
  const [branding, setBranding] = useState(clientKey.branding)
  const [copy, setCopy] = useState(clientKey.copy)
  const save = () => onChange({ branding, copy: withoutEmpty(copy) })
  return (
    <SettingsForm title="Appearance" of={clientKey.name} verb="Save appearance" isBusy={isBusy} onSave={save}>
      <BrandingFields branding={branding} onChange={setBranding} />
      <CopyFields copy={copy} onChange={setCopy} />
    </SettingsForm>
  )
}

interface BrandingProps {
  readonly branding: ClientKey['branding']
  readonly onChange: (branding: ClientKey['branding']) => void
}

function BrandingFields({ branding, onChange }: BrandingProps) {
  return (
    <>
      {entriesOf(colors).map(([name, label]) => (
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
        <span>Launcher position</span>
        <select
          className="input"
          value={branding.launcher_position}
          // the select offers only these options
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
  return entriesOf(texts).map(([name, label]) => (
    <label key={name} className="field settings-wide">
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

/** Omits the privacy notice if it is empty. */
function withoutEmpty({ privacy_notice, ...copy }: ClientKey['copy']): ClientKey['copy'] {
  return privacy_notice ? { ...copy, privacy_notice } : copy
}

/** `<input type="color">` accepts six digits only. */
const longHex = (color: string) => (color.length === 4 ? color.replace(/[^#]/g, '$&$&') : color)

// Object.entries loses the type of the keys
const entriesOf = <K extends string>(table: Readonly<Record<K, string>>) => Object.entries(table) as [K, string][]
