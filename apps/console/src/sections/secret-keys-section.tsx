import { holdsScope } from '@hallpass/contracts/core'
import { useCallback, useState } from 'react'
import { ConfirmedButton } from '../parts/confirm.js'
import { DataTable } from '../parts/data-table.js'
import { formatTime } from '../parts/format-time.js'
import { NewSecret } from '../parts/new-secret.js'
import { Problem } from '../parts/problem.js'
import { RotateSecret } from '../parts/rotate-secret.js'
import { SmallButton } from '../parts/small-button.js'
import { useList } from '../parts/use-list.js'
import { useHallpass, useHolds, useSession } from '../session/session.js'
import type { SecretKey } from '../types.js'
import { CreateSecretKey } from './create-secret-key.js'
import { type DisableOptions, useDisableSecretKey } from './use-disable-secret-key.js'

/** Creates, rotates and disables secret keys. */
export function SecretKeysSection() {
  const hallpass = useHallpass()
  const list = useList<SecretKey>(useCallback((cursor) => hallpass.admin.apiKeys.list({ cursor }), [hallpass]))
  const canChange = useHolds('admin')
  const [rotating, setRotating] = useState<SecretKey>()
  const [secret, setSecret] = useState<string>()
  const { disable, question, isBusy, problem } = useDisableSecretKey(list.again)
  const made = (newSecret: string) => {
    setSecret(newSecret)
    list.again()
  }
  const rotate = async ({ id }: SecretKey, overlap_seconds: number) => {
    const { secret: newSecret } = await hallpass.admin.apiKeys.rotate({ api_key_id: id, overlap_seconds })
    setRotating(undefined)
    made(newSecret)
  }
  return (
    <>
      <p className="quiet">Backends authenticate with secret keys. A key’s scopes limit what it can do.</p>
      <Problem error={problem} />
      <DataTable
        caption="Secret keys"
        list={list}
        keyOf={({ id }) => id}
        textOf={({ id, name, hint, scopes }) => [id, name, hint, ...scopes]}
        empty="No secret keys yet."
        columns={[
          { head: 'Name', cell: (key) => <KeyName secretKey={key} /> },
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
                onDisable={(options) => disable(key, options)}
              />
            ),
          },
        ]}
      />
      {canChange && <CreateSecretKey onMade={made} />}
      {rotating && (
        <RotateSecret
          title={`Rotate “${rotating.name}”`}
          action="Create new key"
          onRotate={(overlap) => rotate(rotating, overlap)}
          onClose={() => setRotating(undefined)}
        >
          The new key has the same name and scopes. The old key stays valid during the overlap, so you can deploy the
          new one without downtime.
        </RotateSecret>
      )}
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
  readonly onDisable: (options: DisableOptions) => void
}

function KeyName({ secretKey: { id, name } }: { readonly secretKey: SecretKey }) {
  const { apiKey } = useSession()
  return (
    <>
      <b>{name || 'unnamed'}</b> {id === apiKey.id && <span className="status">this key</span>}
    </>
  )
}

/** The actions for a key. A disabled key has none, and a key can't change one that may do more. */
function Actions({ secretKey: { name, disabled, scopes }, isBusy, onRotate, onDisable }: ActionsProps) {
  const { apiKey } = useSession()
  const canChange = useHolds('admin')
  const [endsMinted, setEndsMinted] = useState(false)
  if (disabled || !canChange) return null
  const missing = scopes.find((scope) => !holdsScope(apiKey.scopes, scope))
  if (missing !== undefined) return <span className="quiet">Needs a key with {missing}</span>
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
        onConfirm={() => onDisable({ revoke_minted: endsMinted })}
      >
        Every call with this key is rejected immediately. You can’t undo this.{' '}
        <label className="check">
          <input type="checkbox" checked={endsMinted} onChange={({ target }) => setEndsMinted(target.checked)} />
          End every token and session that it minted, too
        </label>
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
