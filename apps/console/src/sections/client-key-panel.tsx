import type { ClientKeyPatch } from '@hallpass/contracts'
import { ConfirmedButton } from '../parts/confirm.js'
import { SmallButton } from '../parts/small-button.js'
import { useHolds } from '../session/session.js'
import type { ClientKey } from '../types.js'
import { Allowlist } from './allowlist.js'
import { AllowlistTester } from './allowlist-tester.js'
import { AppearanceForm } from './appearance-form.js'
import { KeyDetails } from './key-details.js'
import { ObserveMode } from './observe-mode.js'
import { SessionSettings } from './session-settings.js'
import { TrustedIssuers } from './trusted-issuers.js'

interface Props {
  readonly clientKey: ClientKey
  readonly isBusy: boolean
  readonly onChange: (patch: ClientKeyPatch) => Promise<boolean>
  readonly onAllow: (origin: string) => Promise<boolean>
}

/** One client key: its allowed origins, issuers and sessions, the appearance of its widget, and its status. */
export function ClientKeyPanel({ clientKey, isBusy, onChange, onAllow }: Props) {
  const { id, name, client_key, disabled, widget_enabled } = clientKey
  const canChange = useHolds('admin')
  return (
    <article className="panel">
      <header className="panel-head">
        <div>
          <h2>{name || 'unnamed'}</h2>
          <code>{client_key}</code>
        </div>
        <span className="status" data-kind={disabled || !widget_enabled ? 'bad' : 'good'}>
          {disabled ? 'disabled' : widget_enabled ? 'active' : 'widget off'}
        </span>
      </header>
      <Allowlist
        clientKey={clientKey}
        isBusy={isBusy}
        onChange={(entries) => onChange({ origin_allowlist: [...entries] })}
        onAllow={onAllow}
      />
      <ObserveMode clientKey={clientKey} isBusy={isBusy} onChange={onChange} onAllow={onAllow} />
      <AllowlistTester clientKeyId={id} />
      <TrustedIssuers clientKey={clientKey} isBusy={isBusy} onChange={onChange} />
      <SessionSettings clientKey={clientKey} isBusy={isBusy} onChange={onChange} />
      <KeyDetails clientKey={clientKey} isBusy={isBusy} onChange={onChange} />
      {canChange && <AppearanceForm clientKey={clientKey} isBusy={isBusy} onChange={onChange} />}
      {canChange && <Switches clientKey={clientKey} isBusy={isBusy} onChange={onChange} />}
    </article>
  )
}

/** Turns the widget and the key off and on. */
function Switches({ clientKey, isBusy, onChange }: Omit<Props, 'onAllow'>) {
  const { name, disabled, widget_enabled } = clientKey
  return (
    <div className="actions">
      <SmallButton of={name} isBusy={isBusy} onClick={() => onChange({ widget_enabled: !widget_enabled })}>
        {widget_enabled ? 'Turn widget off' : 'Turn widget on'}
      </SmallButton>
      {disabled ? (
        <SmallButton of={name} isBusy={isBusy} onClick={() => onChange({ disabled: false })}>
          Enable
        </SmallButton>
      ) : (
        <ConfirmedButton
          action="Disable"
          of={name}
          title={`Disable “${name || 'unnamed'}”?`}
          isBusy={isBusy}
          onConfirm={() => onChange({ disabled: true })}
        >
          Every page that uses this key is rejected until you enable it again.
        </ConfirmedButton>
      )}
    </div>
  )
}
