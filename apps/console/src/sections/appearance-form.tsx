import type { ClientKeyPatch } from '@hallpass/contracts'
import { useState } from 'react'
import { SelectField, TextField } from '../parts/fields.js'
import { JsonField } from '../parts/json-field.js'
import { parseJsonObject } from '../parts/parse-json-object.js'
import { SettingsForm } from '../parts/settings-form.js'
import type { ClientKey } from '../types.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

const corners = { br: 'bottom right', bl: 'bottom left', tr: 'top right', tl: 'top left' } as const
const colors = { primary_color: 'Primary color', accent_color: 'Accent color' } as const

/** The appearance as the form holds it. */
const draftOf = ({ branding, copy: { launcher_label, greeting, privacy_notice, ...others } }: ClientKey) => ({
  primary_color: branding.primary_color,
  accent_color: branding.accent_color,
  corner: branding.launcher_position,
  logo: branding.logo_url ?? '',
  launcher: launcher_label,
  greeting,
  privacy: privacy_notice ?? '',
  others: Object.keys(others).length === 0 ? '' : JSON.stringify(others, null, 2),
})

type Draft = ReturnType<typeof draftOf>

/** The colors and texts of a client key's widget. Pages pick up changes within a minute, when they reload the config. */
export function AppearanceForm({ clientKey, isBusy, onChange }: Props) {
  const [draft, setDraft] = useState(() => draftOf(clientKey))
  const [isJson, setJson] = useState(true)
  const set = (change: Partial<Draft>) => setDraft((known) => ({ ...known, ...change }))
  const save = async () => {
    const patch = patchOf(draft)
    setJson(patch !== undefined)
    return patch !== undefined && (await onChange(patch))
  }
  const field = (name: keyof Draft, label: string) => ({
    label,
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
  })
  return (
    <SettingsForm title="Appearance" of={clientKey.name} verb="Save appearance" isBusy={isBusy} onSave={save}>
      {entriesOf(colors).map(([name, label]) => (
        <label key={name} className="field">
          <span>{label}</span>
          <input type="color" value={longHex(draft[name])} onChange={({ target }) => set({ [name]: target.value })} />
        </label>
      ))}
      <SelectField
        label="Launcher position"
        options={corners}
        value={draft.corner}
        onChange={(corner) => set({ corner })}
      />
      <TextField
        {...field('logo', 'Logo')}
        isWide
        placeholder="https://shop.example/logo.svg"
        hint="A URL, or empty for no logo."
      />
      <TextField {...field('launcher', 'Launcher label')} isWide />
      <TextField {...field('greeting', 'Greeting')} isWide />
      <TextField {...field('privacy', 'Privacy notice')} isWide />
      <JsonField
        label="Other texts"
        text={draft.others}
        isJson={isJson}
        example='{"closed": "We are back at 9."}'
        hint="Texts of your own, by name. Your widget gets them with its config."
        onChange={(others) => set({ others })}
      />
    </SettingsForm>
  )
}

/** Undefined if the other texts aren’t JSON. The server checks everything else. */
function patchOf(draft: Draft): ClientKeyPatch | undefined {
  const others = draft.others.trim() === '' ? {} : parseJsonObject<Record<string, string>>(draft.others)
  if (others === null) return undefined
  return {
    branding: {
      primary_color: draft.primary_color,
      accent_color: draft.accent_color,
      launcher_position: draft.corner,
      logo_url: draft.logo.trim() || null,
    },
    copy: {
      ...others,
      launcher_label: draft.launcher,
      greeting: draft.greeting,
      ...(draft.privacy === '' ? {} : { privacy_notice: draft.privacy }),
    },
  }
}

/** `<input type="color">` accepts six digits only. */
const longHex = (color: string) => (color.length === 4 ? color.replace(/[^#]/g, '$&$&') : color)

// Object.entries loses the type of the keys
const entriesOf = <K extends string>(table: Readonly<Record<K, string>>) => Object.entries(table) as [K, string][]
