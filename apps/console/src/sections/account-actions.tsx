import { useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { Rename } from '../parts/rename.js'
import { SmallButton } from '../parts/small-button.js'
import { type Account, useSession } from '../session/session.js'
import { LimitAccount } from './limit-account.js'

export interface AccountPatch {
  readonly name?: string
  readonly disabled?: boolean
  readonly rate_limit?: Partial<Account['rate_limit']>
}

interface Props {
  readonly account: Account
  readonly isBusy: boolean
  readonly onChange: (patch: AccountPatch) => Promise<boolean>
}

/** Renames an account; changes the limits of a child, and disables or enables it, as only its parent can. */
export function AccountActions({ account, isBusy, onChange }: Props) {
  const { account: current } = useSession()
  const [isRenaming, setRenaming] = useState(false)
  const [isLimiting, setLimiting] = useState(false)
  const label = account.name || account.tenant
  return (
    <span className="actions">
      <SmallButton of={label} isBusy={isBusy} onClick={() => setRenaming(true)}>
        Rename
      </SmallButton>
      {account.id !== current.id && (
        <>
          <SmallButton of={label} isBusy={isBusy} onClick={() => setLimiting(true)}>
            Limits
          </SmallButton>
          <Switch account={account} isBusy={isBusy} onChange={onChange} />
        </>
      )}
      {isRenaming && (
        <Rename
          label={label}
          name={account.name}
          onRename={(name) => onChange({ name })}
          onClose={() => setRenaming(false)}
        />
      )}
      {isLimiting && (
        <LimitAccount
          account={account}
          onLimit={(rate_limit) => onChange({ rate_limit })}
          onClose={() => setLimiting(false)}
        />
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
