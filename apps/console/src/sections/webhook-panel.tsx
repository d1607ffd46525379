import { useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { Facts } from '../parts/facts.js'
import { formatTime } from '../parts/format-time.js'
import { SettingsForm } from '../parts/settings-form.js'
import { SmallButton } from '../parts/small-button.js'
import { useHolds } from '../session/session.js'
import type { Webhook } from '../types.js'
import { WebhookDeliveries } from './webhook-deliveries.js'
import { type WebhookDraft, WebhookFields } from './webhook-fields.js'

interface Props {
  readonly webhook: Webhook
  readonly isBusy: boolean
  readonly onRefresh: () => Promise<unknown>
  readonly onChange: (patch: Partial<WebhookDraft> & { readonly disabled?: boolean }) => Promise<boolean>
  readonly onRotate: () => void
  readonly onDelete: () => void
}

/** One webhook endpoint: its events, its deliveries, its settings, and its status. */
export function WebhookPanel(props: Props) {
  const { id, url, description, disabled, disabled_reason, event_types, previous_secret_until: until } = props.webhook
  const canChange = useHolds('admin')
  return (
    <article className="panel">
      <header className="panel-head">
        <div>
          <h2>{url}</h2>
          <code>{id}</code>
          {description !== '' && <p className="quiet">{description}</p>}
        </div>
        <span className="status" data-kind={disabled ? 'bad' : 'good'}>
          {disabled ? 'disabled' : 'active'}
        </span>
      </header>
      {disabled_reason === 'gone' && (
        <p className="note">It was disabled because it answered 410. To send what is still pending, enable it again.</p>
      )}
      <Facts
        facts={{
          Events: event_types.map((type) => (
            <code key={type} className="chip">
              {type}
            </code>
          )),
          ...(until === null ? {} : { 'Previous secret': `signs too, until ${formatTime(until)}` }),
        }}
      />
      <WebhookDeliveries webhook={props.webhook} onRefresh={props.onRefresh} />
      {canChange && <Settings {...props} />}
      {canChange && <Actions {...props} />}
    </article>
  )
}

function Settings({ webhook, isBusy, onChange }: Props) {
  const { url, event_types, description } = webhook
  const [draft, setDraft] = useState<WebhookDraft>({ url, event_types, description })
  return (
    <SettingsForm
      title="URL and events"
      of={url}
      verb="Save endpoint"
      isBusy={isBusy}
      onSave={() => onChange({ ...draft, url: draft.url.trim() })}
    >
      <WebhookFields draft={draft} onChange={setDraft} />
    </SettingsForm>
  )
}

function Actions({ webhook: { url, disabled }, isBusy, onChange, onRotate, onDelete }: Props) {
  return (
    <div className="actions">
      <SmallButton of={`the secret of ${url}`} isBusy={isBusy} onClick={onRotate}>
        Rotate secret
      </SmallButton>
      {disabled ? (
        <SmallButton of={url} isBusy={isBusy} onClick={() => onChange({ disabled: false })}>
          Enable
        </SmallButton>
      ) : (
        <ConfirmedButton
          action="Disable"
          of={url}
          title={`Disable ${url}?`}
          isBusy={isBusy}
          onConfirm={() => onChange({ disabled: true })}
        >
          What is pending waits until you enable it again. Events from while it is disabled are never sent to it.
        </ConfirmedButton>
      )}
      <ConfirmedButton action="Delete" of={url} title={`Delete ${url}?`} isBusy={isBusy} onConfirm={onDelete}>
        Nothing more is sent to it, and its deliveries are deleted, too. You can’t undo this.
      </ConfirmedButton>
    </div>
  )
}
