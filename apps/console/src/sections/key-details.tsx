import type { ClientKeyPatch } from '@hallpass/contracts'
import { useState } from 'react'
import { Facts } from '../parts/facts.js'
import { TextField } from '../parts/fields.js'
import { SettingsForm } from '../parts/settings-form.js'
import { useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
}

/** The details as the form holds them: only text. */
const draftOf = ({ name, agent, locale, supported_locales }: ClientKey) => ({
  name,
  agentId: agent.id,
  agentName: agent.display_name,
  picture: agent.avatar_url ?? '',
  locale,
  locales: supported_locales.join(', '),
})

type Draft = ReturnType<typeof draftOf>

/** The name of a client key, who speaks to its visitors, and in which languages. */
export function KeyDetails({ clientKey, isBusy, onChange }: Props) {
  const canChange = useHolds('admin')
  const [draft, setDraft] = useState(() => draftOf(clientKey))
  if (!canChange) return <DetailFacts draft={draftOf(clientKey)} />
  const field = (name: keyof Draft, label: string) => ({
    label,
    value: draft[name],
    onChange: (value: string) => setDraft((known) => ({ ...known, [name]: value })),
  })
  return (
    <SettingsForm
      title="Name, agent and languages"
      of={clientKey.name}
      verb="Save details"
      isBusy={isBusy}
      onSave={() => onChange(patchOf(draft))}
    >
      <TextField {...field('name', 'Key name')} hint="For people; has no effect." />
      <TextField {...field('agentName', 'Agent name')} isRequired hint="The widget shows it." />
      <TextField {...field('agentId', 'Agent id')} isRequired hint="A claim of each session." />
      <TextField
        {...field('picture', 'Agent picture')}
        placeholder="https://shop.example/ada.png"
        hint="A URL, or empty for no picture."
      />
      <TextField {...field('locale', 'Language')} isRequired placeholder="en" hint="The language of the texts." />
      <TextField
        {...field('locales', 'Supported languages')}
        placeholder="en, pt-BR"
        hint="Separated by commas. If empty, only the language of the texts."
      />
    </SettingsForm>
  )
}

function DetailFacts({ draft }: { readonly draft: Draft }) {
  return (
    <div>
      <h3 className="eyebrow">Agent and languages</h3>
      <Facts
        facts={{
          Agent: draft.agentName,
          'Agent id': draft.agentId,
          'Agent picture': draft.picture || 'none',
          Language: draft.locale,
          'Supported languages': draft.locales,
        }}
      />
    </div>
  )
}

function patchOf({ name, agentId, agentName, picture, locale, locales }: Draft): ClientKeyPatch {
  const supported = locales.split(',').flatMap((one) => one.trim() || [])
  const avatar = picture.trim()
  return {
    name: name.trim(),
    agent: {
      id: agentId.trim(),
      display_name: agentName.trim(),
      ...(avatar === '' ? {} : { avatar_url: avatar }),
    },
    locale: locale.trim(),
    supported_locales: supported.length === 0 ? [locale.trim()] : supported,
  }
}
