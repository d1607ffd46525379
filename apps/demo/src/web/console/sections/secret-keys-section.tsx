import { useCallback, useState } from 'react'
import { useHallpass } from '../console-client.js'
import { ConfirmedButton } from '../parts/confirm.js'
import { DataTable } from '../parts/data-table.js'
import { formatTime } from '../parts/format-time.js'
import { NewSecret } from '../parts/new-secret.js'
import { Problem } from '../parts/problem.js'
import { SmallButton } from '../parts/small-button.js'
import { useList } from '../parts/use-list.js'
import type { SecretKey } from '../types.js'
import { CreateSecretKey } from './create-secret-key.js'
import { RotateSecretKey } from './rotate-secret-key.js'
import { useDisableSecretKey } from './use-disable-secret-key.js'

/** Creates, rotates and disables secret keys. */
export function SecretKeysSection() {
  const hallpass = useHallpass()
  const list = useList<SecretKey>(useCallback((cursor) => hallpass.admin.apiKeys.list({ cursor }), [hallpass]))
  const [rotating, setRotating] = useState<SecretKey>()
  const [secret, setSecret] = useState<string>()
  const { disable, question, isBusy, problem } = useDisableSecretKey(list.again)
  const made = (newSecret: string) => {
    setRotating(undefined)
    setSecret(newSecret)
    list.again()
  }
  return (
    <>
      <p className="quiet">Backends authenticate with secret keys. A key’s scopes limit what it can do.</p>
      <Problem error={problem} />
      <DataTable
        caption="Secret keys"
        list={list}
        keyOf={({ id }) => id}
        empty="No secret keys yet."
        columns={[
          { head: 'Name', cell: ({ name }) => <b>{name || 'unnamed'}</b> },
          { head: 'Key', cell: ({ hint }) => (hint === null ? 'Not available' : <code>{hint}</code>) },
          { head: 'Scopes', cell: ({ scopes }) => scopes.map(scopeChip) },
          { head: 'Status', cell: stateOf },
          { head: 'Last used', cell: ({ last_used_on }) => last_used_on ?? 'Never' },
          {
            head: 'Actions',
            cell: (key) => (
              <Actions
                secretKey={key}
                isBusy={isBusy}
                onRotate={() => setRotating(key)}
                onDisable={() => disable(key)}
              />
            ),
          },
        ]}
      />
      <CreateSecretKey onMade={made} />
      {rotating && <RotateSecretKey secretKey={rotating} onMade={made} onClose={() => setRotating(undefined)} />}
      {question}
      {secret !== undefined && <NewSecret secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  )
}

const scopeChip = (scope: string) => (
  <code key={scope} className="chip">
    {scope}
  </code>
)

interface ActionsProps {
  readonly secretKey: SecretKey
  readonly isBusy: boolean
  readonly onRotate: () => void
  readonly onDisable: () => void
}

/** The actions for a key. A disabled key has none. */
function Actions({ secretKey: { name, disabled }, isBusy, onRotate, onDisable }: ActionsProps) {
  if (disabled) return null
  return (
    <span className="actions">
      <SmallButton of={name} onClick={onRotate}>
        Rotate
      </SmallButton>
      <ConfirmedButton
        action="Disable"
        of={name}
        title={`Disable “${name || 'unnamed'}”?`}
        isBusy={isBusy}
        onConfirm={onDisable}
      >
        Every call with this key is rejected immediately. You can’t undo this.
      </ConfirmedButton>
    </span>
  )
}

function stateOf({ disabled, expires_at }: SecretKey) {
  if (disabled)
    return (
      <span className="status" data-kind="bad">
        disabled
      </span>
    )
  if (expires_at === null) return <span className="status">active</span>
  const isOver = Date.parse(expires_at) <= Date.now()
  return (
    <span className="status" data-kind={isOver ? 'bad' : 'quiet'}>
      {isOver ? 'expired' : 'expires'} {formatTime(expires_at)}
    </span>
  )
}
