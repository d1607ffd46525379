import { useState } from 'react'
import { CreateForm } from '../parts/create-form.js'
import { useHallpass } from '../session/session.js'
import { type WebhookDraft, WebhookFields } from './webhook-fields.js'

const empty: WebhookDraft = { url: '', event_types: [], description: '' }

/** A form that creates a webhook endpoint. */
export function CreateWebhook({ onMade }: { readonly onMade: (secret: string) => void }) {
  const hallpass = useHallpass()
  const [draft, setDraft] = useState(empty)
  const create = async () => {
    const { secret } = await hallpass.admin.webhooks.create({ ...draft, url: draft.url.trim() })
    setDraft(empty)
    onMade(secret)
  }
  return (
    <CreateForm title="Create a webhook endpoint" verb="Create" create={create}>
      <WebhookFields draft={draft} onChange={setDraft} />
    </CreateForm>
  )
}
