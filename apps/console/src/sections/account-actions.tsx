import { useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { SmallButton } from '../parts/small-button.js'
import { type Account, useSession } from '../session/session.js'
import { RenameAccount } from './rename-account.js'

export interface AccountPatch {
  readonly name?: string
  readonly disabled?: boolean
}

interface Props {
  readonly account: Account
  readonly isBusy: boolean
  readonly onChange: (patch: AccountPatch) => Promise<boolean>
}

/** Renames an account, and disables or enables a child. Only a parent account can do the latter. */
export function AccountActions({ account, isBusy, onChange }: Props) {
  const { account: current } = useSession()
  const [isRenaming, setRenaming] = useState(false)
  const label = account.name || account.tenant
  return (
    <span className="actions">
      <SmallButton of={label} isBusy={isBusy} onClick={() => setRenaming(true)}>
        Rename
      </SmallButton>
      {account.id !== current.id && <Switch account={account} isBusy={isBusy} onChange={onChange} />}
      {isRenaming && (
        <RenameAccount account={account} onRename={(name) => onChange({ name })} onClose={() => setRenaming(false)} />
      )}
    </span>
  )
}

function Switch({ account, isBusy, onChange }: Props) {
  const label = account.name || account.tenant
  if (account.disabled)
    return (
      <SmallButton of={label} isBusy={isBusy} onClick={() => onChange({ disabled: false })}>
        Enable
      </SmallButton>
    )
  return (
    <ConfirmedButton
      action="Disable"
      of={label}
      title={`Disable “${label}”?`}
      isBusy={isBusy}
      onConfirm={() => onChange({ disabled: true })}
    >
      Its keys are refused, and all of its tokens and sessions end. You can enable it again after 10 seconds, but its
      visitors have to start over.
    </ConfirmedButton>
  )
}
