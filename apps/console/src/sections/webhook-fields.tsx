import { webhookEvents } from '@hallpass/contracts/core'
import { Checks } from '../parts/checks.js'
import { TextField } from '../parts/fields.js'
import type { Webhook } from '../types.js'

/** What can be set of an endpoint. */
export type WebhookDraft = Pick<Webhook, 'url' | 'event_types' | 'description'>

type EventType = Webhook['event_types'][number]

const eventTypes: readonly EventType[] = ['*', ...webhookEvents]

interface Props {
  readonly draft: WebhookDraft
  readonly onChange: (draft: WebhookDraft) => void
}

/** The fields of a webhook endpoint, for a form. */
export function WebhookFields({ draft, onChange }: Props) {
  const choose = (chosen: readonly EventType[]) =>
    onChange({ ...draft, event_types: chosen.includes('*') ? ['*'] : [...chosen] })
  return (
    <>
      <TextField
        label="URL"
        name="url"
        isWide
        isRequired
        placeholder="https://hooks.example.com/hallpass"
        hint="https, and on the public internet."
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
      />
      <TextField
        label="Description"
        name="description"
        isWide
        hint="For people; has no effect."
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
      />
      <Checks
        label="Events (* is every event)"
        name="event_types"
        options={eventTypes}
        chosen={draft.event_types}
        onChange={choose}
        isDisabled={(type) => type !== '*' && draft.event_types.includes('*')}
      />
    </>
  )
}
